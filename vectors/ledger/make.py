"""Writes the vectors beside it, in another language than the ledger they judge.

The leaves, roots and valid paths are the published ones of the Certificate Transparency reference
tests (RFC 6962); the refused cases change one thing each. Needs the package `cryptography`.
"""

import base64
import hashlib
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
ORIGIN = "ward.example/vectors"
SEED = bytes(range(32))

LEAVES = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]

ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

INCLUSION = {  # (entry from 0, size): path
    (0, 1): [],
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}

CONSISTENCY = {  # (old, new): path
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
    (6, 7): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
}

ELSEWHERE = "abacaba000000000000000000000000000000000000000000060061e00123456"


def main():
    write("roots.txt", [
        case(f"{size} leaves", "valid", {"leaves": " ".join(x.hex() or "-" for x in LEAVES[:size]), "root": b64(root)})
        for size, root in enumerate(ROOTS)])
    write("inclusion.txt", [c for (entry, size), path in INCLUSION.items() for c in inclusion(entry, size, path)])
    write("consistency.txt", [c for (old, new), path in CONSISTENCY.items() for c in consistency(old, new, path)])
    write("notes.txt", notes())
    log()


def inclusion(entry, size, path):
    def one(what, verdict, entry=entry, size=size, path=path, leaf=leaf(entry), root=ROOTS[size], signed=size):
        facts = {"leaf": b64(leaf), "size": signed, "root": b64(root)}
        return case(f"entry {entry} of {size}, {what}", verdict, facts, proof("inclusion", index=entry, size=size, path=path))

    yield one("as published", "valid")
    yield one("another leaf", "not included", leaf=leaf((entry + 1) % 8))
    yield one("another root", "not included", root=ELSEWHERE)
    yield one("the empty root", "not included", root=ROOTS[0])
    yield one("a checkpoint one entry larger", "other size", signed=size + 1)
    yield one("an entry past the end", "no such entry", entry=size, leaf=leaf(entry))
    yield one("the root added behind", "malformed", path=path + [ROOTS[size]])
    yield one("the root added before", "malformed", path=[ROOTS[size]] + path)
    for at in range(len(path)):
        yield one(f"a bit of hash {at} flipped", "not included", path=path[:at] + [flipped(path[at])] + path[at + 1:])
    if path:
        yield one("the last hash removed", "malformed", path=path[:-1])
        if (entry ^ 1) < size:
            yield one("read as its neighbour", "not included", entry=entry ^ 1, leaf=leaf(entry))


def consistency(old, new, path):
    def one(what, verdict, old=old, new=new, path=path, roots=(ROOTS[old], ROOTS[new]), sizes=(old, new)):
        facts = {"old-size": sizes[0], "old-root": b64(roots[0]), "new-size": sizes[1], "new-root": b64(roots[1])}
        return case(f"{old} to {new}, {what}", verdict, facts, proof("consistency", old=old, new=new, path=path))

    yield one("as published", "valid")
    yield one("another old root", "not consistent", roots=(ELSEWHERE, ROOTS[new]))
    yield one("another new root", "not consistent", roots=(ROOTS[old], ELSEWHERE))
    yield one("a checkpoint one entry larger", "other size", sizes=(old, new + 1))
    yield one("the new root added behind", "malformed", path=path + [ROOTS[new]])
    yield one("the old root added before", "malformed", path=[ROOTS[old]] + path)
    for at in range(len(path)):
        yield one(f"a bit of hash {at} flipped", "not consistent", path=path[:at] + [flipped(path[at])] + path[at + 1:])
    if path:
        yield one("roots swapped", "not consistent", roots=(ROOTS[new], ROOTS[old]))
        yield one("backwards", "not the past", old=new, new=old)
        yield one("without its hashes", "malformed", path=[])


def notes():
    key = vkey(ORIGIN, SEED)
    text = checkpoint_text(8)
    line = signature_line(ORIGIN, SEED, text)
    witness = "— witness.example/w1 " + b64((b"\x12\x34\x56\x78" + bytes(72)).hex()) + "\n"
    same_name = f"— {ORIGIN} " + b64((b"\x12\x34\x56\x78" + bytes(64)).hex()) + "\n"
    other = signature_line("other.example/log", SEED, text)
    changed = text.replace("\n8\n", "\n7\n")
    extended = text + "opaque extension\n"
    foreign = text.replace(ORIGIN, "other.example/log")

    def one(what, verdict, note, key=key):
        return case(what, verdict, {"key": key}, note)

    go = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    go_note = ("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
               "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n")
    return [
        one("the example of Go's note package: a note, but no checkpoint", "malformed", go_note, go),
        one("the same with a word changed", "bad signature", go_note.replace("answer", "Answer"), go),
        one("a checkpoint of eight entries", "valid", f"{text}\n{line}"),
        one("with a witness's cosignature before and after", "valid", f"{text}\n{witness}{line}{witness}"),
        one("with a line of an unknown key of the same name", "valid", f"{text}\n{same_name}{line}"),
        one("with an extension line", "valid", f"{extended}\n" + signature_line(ORIGIN, SEED, extended)),
        one("of an empty log", "valid", f"{checkpoint_text(0)}\n" + signature_line(ORIGIN, SEED, checkpoint_text(0))),
        one("signed by a witness only", "not signed", f"{text}\n{witness}"),
        one("signed by the same key under another name", "not signed", f"{text}\n{other}"),
        one("with the size changed", "bad signature", f"{changed}\n{line}"),
        one("with a bit of the signature flipped", "bad signature", f"{text}\n{line[:60]}{'B' if line[60] == 'A' else 'A'}{line[61:]}"),
        one("signed well, then once more badly", "bad signature", f"{text}\n{line}" + signature_line(ORIGIN, SEED, text, over=changed)),
        one("of another log, signed by this key", "other log", f"{foreign}\n" + signature_line(ORIGIN, SEED, foreign)),
        *[one(what, "malformed", f"{bad}\n" + signature_line(ORIGIN, SEED, bad)) for what, bad in {
            "a size with a leading zero": text.replace("\n8\n", "\n08\n"),
            "a size with a sign": text.replace("\n8\n", "\n+8\n"),
            "a size past 64 bits": text.replace("\n8\n", "\n18446744073709551616\n"),
            "a root in hexadecimal": f"{ORIGIN}\n8\n{ROOTS[8]}\n",
            "a root one byte short": f"{ORIGIN}\n8\n{b64(ROOTS[8][:-2])}\n",
            "a root without padding": text.replace("=\n", "\n"),
            "an origin with a space": text.replace(ORIGIN, "ward example"),
            "no root": f"{ORIGIN}\n8\n",
            "an empty extension line": text + "\nlate\n",
            "an empty log with a root": text.replace("\n8\n", "\n0\n"),
        }.items()],
        one("without a signature", "malformed", text),
        one("without the blank line", "malformed", f"{text}{line}"),
        one("with a hyphen for the dash", "malformed", f"{text}\n{line.replace('—', '-')}"),
        one("with two spaces before the signature", "malformed", f"{text}\n{line.replace(ORIGIN + ' ', ORIGIN + '  ')}"),
        one("with a signature that is only a key id", "malformed", f"{text}\n— {ORIGIN} AAAAAA==\n"),
        one("with a tab in the text", "malformed", f"{text}\t\n\n{line}"),
        one("with a line behind the signatures", "malformed", f"{text}\n{line}the end\n"),
    ]


def log():
    """The eight entries as a C2SP tlog-tiles folder."""
    folder = HERE / "log"
    (folder / "tile/0/000.p").mkdir(parents=True, exist_ok=True)
    (folder / "tile/entries/000.p").mkdir(parents=True, exist_ok=True)
    (folder / "key").write_text(vkey(ORIGIN, SEED) + "\n")
    (folder / "checkpoint").write_text(checkpoint_text(8) + "\n" + signature_line(ORIGIN, SEED, checkpoint_text(8)))
    (folder / "tile/0/000.p/8").write_bytes(b"".join(bytes.fromhex(leaf(entry)) for entry in range(8)))
    (folder / "tile/entries/000.p/8").write_bytes(b"".join(len(x).to_bytes(2, "big") + x for x in LEAVES))


def case(what, verdict, facts, body=""):
    head = "".join(f"{name}: {value}\n" for name, value in {"verdict": verdict, **facts}.items())
    return f"=== {what}\n{head}---\n{body}"


def proof(kind, path, **numbers):
    lines = [f"faceward/{kind}-proof@v1", *(f"{name} {n}" for name, n in numbers.items()), *map(b64, path)]
    return "".join(f"{line}\n" for line in lines)


def checkpoint_text(size):
    return f"{ORIGIN}\n{size}\n{b64(ROOTS[size])}\n"


def signature_line(name, seed, text, over=None):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    signature = key.sign((over or text).encode())
    return f"— {name} {b64((key_id(name, seed) + signature).hex())}\n"


def vkey(name, seed):
    return f"{name}+{key_id(name, seed).hex()}+{b64('01' + public(seed).hex())}"


def key_id(name, seed):
    return hashlib.sha256(name.encode() + b"\n\x01" + public(seed)).digest()[:4]


def public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def leaf(entry):
    return hashlib.sha256(b"\x00" + LEAVES[entry]).hexdigest()


def flipped(hash):
    return f"{int(hash[:2], 16) ^ 8:02x}" + hash[2:]


def b64(hex):
    return base64.b64encode(bytes.fromhex(hex)).decode()


def write(name, cases):
    (HERE / name).write_text("".join(cases))


main()
