# frozen_string_literal: true

module Annelid
  # Results that are too long for a line, until the host has read them, and parameters that come in parts.
  # @api private
  class Blobs
    # How many seconds something is kept that nobody asks for.
    KEPT_SECONDS = 60.0
    # What is kept at once, and the longest parameters that are taken.
    MOST = 64
    LONGEST = 64 * 1024 * 1024
    private_constant :KEPT_SECONDS, :MOST, :LONGEST

    def initialize
      @lock = Mutex.new
      @out = {}
      @into = {}
      @last = 0
    end

    # Keeps JSON text for the host to read; the handle that is answered in its place.
    def put(text)
      @lock.synchronize do
        forget_old(@out)
        raise TooLarge, "More than #{MOST} long results are not kept." if @out.size >= MOST

        id = "out-#{@last += 1}"
        @out[id] = [Call.now, text.b]
        { id: id, bytes: text.bytesize }
      end
    end

    # The result of `blob.read`.
    def read(blob:, offset:, length:, **)
      @lock.synchronize do
        data = @out.fetch(blob) { raise NotFound.new("There is no blob #{blob}.", resource: blob.to_s) }.last
        rest = offset + length < data.bytesize
        rest ? @out[blob] = [Call.now, data] : @out.delete(blob)
        { data: [data.byteslice(offset, length) || ""].pack("m0"), end: !rest }
      end
    end

    # The result of `blob.write`.
    def write(blob:, offset:, data:, **)
      part = data.unpack1("m0")
      @lock.synchronize do
        forget_old(@into)
        kept = (@into.delete(blob) || [0, String.new]).last
        raise InvalidParams.new("#{blob} goes on at #{kept.bytesize}.", field: "/offset") if offset != kept.bytesize
        if kept.bytesize + part.bytesize > LONGEST || @into.size >= MOST
          raise TooLarge, "Parameters of more than #{LONGEST} bytes, or of more than #{MOST} calls, are not kept."
        end

        @into[blob] = [Call.now, kept << part]
      end
      {}
    end

    # The parameters that were written, as JSON text.
    def take(handle)
      data = @lock.synchronize { (@into.delete(handle[:id]) || [0, String.new]).last }
      return data.force_encoding(Encoding::UTF_8) if data.bytesize == handle[:bytes]

      raise InvalidParams.new("The blob #{handle[:id]} has #{data.bytesize} of #{handle[:bytes]} bytes.", field: "/ctx/blob")
    end

    private

    def forget_old(kept)
      since = Call.now - KEPT_SECONDS
      kept.delete_if { |_, (at, _)| at < since }
    end
  end
end
