"""Passwords, kept as hashes of scrypt. Run by itself it reads one from standard input, and prints its hash."""

import hashlib
import hmac
import os
import sys

COST = 2**14
"""Doubled, it takes twice the time and twice the memory, which is 16 MiB: to those who guess, too."""

HASH = r"\d+\$[0-9a-f]{32}\$[0-9a-f]{128}"


def hashed(password, salt=None, cost=COST):
    salt = salt or os.urandom(16)
    key = hashlib.scrypt(password.encode(), salt=salt, n=cost, r=8, p=1, maxmem=2048 * cost)
    return f"{cost}${salt.hex()}${key.hex()}"


def is_right(password, kept):
    cost, salt, _ = kept.split("$")
    return hmac.compare_digest(hashed(password, bytes.fromhex(salt), int(cost)), kept)


if __name__ == "__main__":
    print(hashed(sys.stdin.readline().rstrip("\n")))
