"""Makes the pictures in this folder: synthetic, tiny, and each odd in one way. Needs Pillow; run it in this folder."""

import struct
import zlib
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
WIDTH, HEIGHT = 40, 30


def card(mode="RGB"):
    """Red above left, green above right, blue below left, grey below right."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            left, top = x < WIDTH // 2, y < HEIGHT // 2
            colour = {(1, 1): (220, 30, 30), (0, 1): (30, 200, 30), (1, 0): (30, 30, 210), (0, 0): (128, 128, 128)}
            image.putpixel((x, y), colour[(int(left), int(top))])
    return image.convert(mode)


def save(name, image, **options):
    image.save(HERE / name, **options)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_header(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def good():
    save("plain.jpg", card(), quality=95, subsampling=0)
    save("progressive.jpg", card(), quality=95, subsampling=0, progressive=True)
    save("grey.jpg", card("L"), quality=95)
    save("cmyk.jpg", card("CMYK"), quality=95, subsampling=0)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"orientation-{orientation}.jpg", card(), quality=95, subsampling=0, exif=exif)
    save("plain.png", card())
    save("palette.png", card("P"))
    save("grey-16-bit.png", Image.new("I;16", (WIDTH, HEIGHT), 0x8000))
    clear = card("RGBA")
    clear.paste((0, 0, 0, 0), (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
    save("transparent.png", clear)
    save("plain.webp", card(), lossless=True)
    save("plain.bmp", card())
    save("plain.ppm", card())
    save("plain.pgm", card("L"))
    save("plain.gif", card("P"))
    frames = [card("P").transpose(Image.Transpose.FLIP_LEFT_RIGHT), Image.new("P", (WIDTH, HEIGHT), 3)]
    save("moving.gif", card("P"), save_all=True, append_images=frames, duration=100, loop=0)
    frames = [card().transpose(Image.Transpose.FLIP_LEFT_RIGHT), Image.new("RGB", (WIDTH, HEIGHT))]
    save("moving.png", card(), save_all=True, append_images=frames, duration=100)
    save("moving.webp", card(), save_all=True, append_images=frames, duration=100, lossless=True)


def bad():
    (HERE / "empty.jpg").write_bytes(b"")
    (HERE / "text.jpg").write_text("Dear clerk, please find my portrait attached.\n", encoding="utf-8")
    (HERE / "document.png").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
    (HERE / "random.jpg").write_bytes(bytes((i * 167 + i * i * 29 + 91) % 256 for i in range(300)))
    (HERE / "phone.heic").write_bytes(struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + b"\0" * 40)
    (HERE / "scan.tiff").write_bytes(b"II*\0\x08\0\0\0\0\0" + b"\0" * 40)
    (HERE / "20000x20000.png").write_bytes(png_header(20000, 20000))
    jpeg = bytearray((HERE / "plain.jpg").read_bytes())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 20000, 20000)
    (HERE / "20000x20000.jpg").write_bytes(jpeg)
    (HERE / "20000x20000.pgm").write_bytes(b"P5\n20000 20000\n255\n" + b"\0" * 64)
    for name in ("plain.jpg", "progressive.jpg", "plain.png", "plain.webp", "plain.bmp", "plain.gif", "plain.ppm"):
        whole = (HERE / name).read_bytes()
        (HERE / f"cut-{name}").write_bytes(whole[: len(whole) * 2 // 3])
    broken = bytearray((HERE / "plain.png").read_bytes())
    broken[broken.index(b"IDAT") + 8] ^= 0xFF
    (HERE / "broken.png").write_bytes(broken)
    (HERE / "wrong-name.png").write_bytes((HERE / "plain.jpg").read_bytes())


good()
bad()
