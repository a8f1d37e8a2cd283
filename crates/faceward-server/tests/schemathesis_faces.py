"""Real faces for the fuzzing: of the cases whose body takes a picture one in three carries a portrait
of demo/ and asks about the person that .ci/schemathesis enrolled, so that what is behind a picture
that can be read, and behind a consent, is asked, too."""

import base64
import itertools
import pathlib

import schemathesis

DEMO = pathlib.Path(__file__).resolve().parents[3] / "demo"
FACES = itertools.cycle([(DEMO / name).read_bytes() for name in ("obama.jpg", "obama2.jpg", "biden.jpg")])
PICTURES = ("picture", "first", "second")
ENROLLED = {"subject": "walker", "purpose": "door-access"}
turns = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body
    if not isinstance(body, dict) or not any(name in body for name in PICTURES):
        return
    if next(turns) % 3:
        return
    faced = dict(body)
    for name in PICTURES:
        if name in faced:
            face = next(FACES)
            as_text = case.media_type == "application/json"
            faced[name] = base64.b64encode(face).decode() if as_text else face
    faced.update({name: said for name, said in ENROLLED.items() if name in faced})
    case.body = faced
