# Passwords, kept as hashes of scrypt. Run by itself it reads one from standard input, and prints its hash.

require "openssl"
require "securerandom"

module Passwords
  # Doubled, it takes twice the time and twice the memory, which is 16 MiB: to those who guess, too.
  COST = 2**14
  HASH = /\d+\$\h{32}\$\h{128}/

  module_function

  def hashed(password, salt: SecureRandom.hex(16), cost: COST)
    key = OpenSSL::KDF.scrypt(password, salt: [salt].pack("H*"), N: cost, r: 8, p: 1, length: 64)
    "#{cost}$#{salt}$#{key.unpack1('H*')}"
  end

  def right?(password, kept)
    cost, salt, = kept.split("$")
    given = hashed(password, salt: salt, cost: cost.to_i)
    # All bytes are looked at, whichever differ. From Ruby 3.0 on OpenSSL.fixed_length_secure_compare does the same.
    given.bytes.zip(kept.bytes).sum { |one, other| one ^ other }.zero?
  end
end

puts Passwords.hashed($stdin.gets(chomp: true)) if $PROGRAM_NAME == __FILE__
