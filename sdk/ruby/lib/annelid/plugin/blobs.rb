# frozen_string_literal: true

module Annelid
  # Results that are too long for a line, until the host has read them, and parameters that come in parts.
  # @api private
  class Blobs
    # How many seconds something is kept that nobody asks for.
    KEPT_SECONDS = 60.0
    private_constant :KEPT_SECONDS

    def initialize
      @lock = Mutex.new
      @kept = {}
      @last = 0
    end

    # Keeps JSON text for the host to read; the handle that is answered in its place.
    def put(text)
      @lock.synchronize do
        keep(id = "out-#{@last += 1}", text.b)
        { id: id, bytes: text.bytesize }
      end
    end

    # The result of `blob.read`.
    def read(blob:, offset:, length:, **)
      @lock.synchronize do
        bytes = taken(blob) or raise NotFound.new("There is no blob #{blob}.", resource: blob.to_s)
        rest = offset + length < bytes.bytesize
        keep(blob, bytes) if rest
        { data: [bytes.byteslice(offset, length) || ""].pack("m0"), end: !rest }
      end
    end

    # The result of `blob.write`. Parts come in order.
    def write(blob:, data:, **)
      @lock.synchronize { keep([blob], (taken([blob]) || String.new) << data.unpack1("m0")) }
      {}
    end

    # The parameters that were written, as JSON text.
    def take(handle)
      bytes = @lock.synchronize { taken([handle[:id]]) } || ""
      return bytes.force_encoding(Encoding::UTF_8) if bytes.bytesize == handle[:bytes]

      raise InvalidParams.new("The blob #{handle[:id]} has #{bytes.bytesize} of #{handle[:bytes]} bytes.", field: "/ctx/blob")
    end

    private

    # Names of the host stand in lists, so that they are no names of ours.
    def keep(name, bytes)
      now = Call.now
      @kept.delete_if { |_, (at, _)| at < now - KEPT_SECONDS }
      @kept[name] = [now, bytes]
    end

    def taken(name)
      @kept.delete(name)&.last
    end
  end
end
