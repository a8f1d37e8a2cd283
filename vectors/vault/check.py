"""Opens the vectors of this folder by the description in README.md alone, without our code.

Needs the PyPI package `cryptography`; says what it opened, fails at the first that does not.
"""
import base64
import hmac
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

HERE = pathlib.Path(__file__).parent
KEY, PERSON = bytes([0x42] * 32), bytes([1] * 16)


def derive(key, label, data):
    """HKDF-SHA256, one block (RFC 5869)."""
    extracted = hmac.digest(b"faceward-key-v1", key, "sha256")
    return hmac.digest(extracted, label + b"\0" + data + b"\1", "sha256")


def open_sealed(key, place, sealed):
    """1 | nonce (24) | XChaCha20-Poly1305, bound to its place."""
    assert sealed[0] == 1
    nonce, body = sealed[1:25], sealed[25:]
    bound = b"faceward-seal-v1"
    for part in place:
        bound += struct.pack("<Q", len(part)) + part
    subkey = hchacha20(key, nonce[:16])
    return ChaCha20Poly1305(subkey).decrypt(bytes(4) + nonce[16:], body, bound)


def hchacha20(key, nonce):
    """draft-irtf-cfrg-xchacha, section 2.2."""
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def add_rotate(a, b, d, turn):
        state[a] = (state[a] + state[b]) & 0xFFFFFFFF
        mixed = state[d] ^ state[a]
        state[d] = (mixed << turn | mixed >> 32 - turn) & 0xFFFFFFFF

    for _ in range(10):
        for shift in (0, 1):
            for i in range(4):
                a, b, c, d = i, 4 + (i + shift) % 4, 8 + (i + 2 * shift) % 4, 12 + (i + 3 * shift) % 4
                add_rotate(a, b, d, 16)
                add_rotate(c, d, b, 12)
                add_rotate(a, b, d, 8)
                add_rotate(c, d, b, 7)
    return struct.pack("<8I", *state[:4], *state[12:])


def read(name):
    return (HERE / name).read_text().strip()


def main():
    sealed = bytes.fromhex(read("sealed-v1.hex"))
    place = [b"test", b"row 1", b"person"]
    assert open_sealed(KEY, place, sealed) == b"a template of version 1"

    assert base64.b64decode(read("root-raw-v1.key").split(" ")[2]) == KEY
    wrapped = base64.b64decode(read("wrapped-v1.key").split(" ")[1])
    assert open_sealed(KEY, [b"key", b"epoch 7"], wrapped) == bytes([0x37] * 32)

    person = dict(line.split(" ") for line in read("person-v1.txt").splitlines())
    person = {name: bytes.fromhex(value) for name, value in person.items()}
    key = open_sealed(KEY, [b"key of a person", PERSON, b".record"], person["wrapped"])
    assert key == bytes([0x24] * 32)
    assert derive(key, b"commitment", b"") == person["commitment"]
    assert open_sealed(key, [b"name", PERSON], person["name"]) == b"alice"
    assert derive(KEY, b"handle tag", b"alice") == person["handle_tag"]

    record = bytes.fromhex(read("template-v1.hex"))
    version, quality, enrolled, length = struct.unpack_from("<BBqH", record)
    values = struct.unpack_from("<4f", record, 12 + length)
    assert (version, quality, enrolled, values) == (1, 87, 1780272000, (0.5, -0.5, 0.5, 0.5))
    assert len(record) == 12 + length + 16
    veiled = bytes.fromhex(read("template-v2.hex"))
    assert veiled[0] == 2 and veiled[1:12 + length] == record[1:12 + length] and veiled[12 + length] == 1
    assert struct.unpack_from("<8f", veiled, 13 + length) == values + (0.5, 0.5, 0.5, -0.5)
    print("sealed row, key files, person and template record open by their description")


main()
