"""CompreFace's own Python SDK against a house: the first argument is the program that serves it.

Where Faceward answers differently on purpose, the difference is what is asserted.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

from compreface import CompreFace

NOBODY = "00000000-0000-4000-8000-000000000000"


def code(answer, expected, text=""):
    assert answer.get("code") == expected and text in answer["message"], answer


def main(house):
    port, pictures = str(house["port"]), house["pictures"]

    def picture(name):
        return os.path.join(pictures, name)

    client = CompreFace("http://127.0.0.1", port)
    recognition = client.init_face_recognition(house["recognition"])
    subjects = recognition.get_subjects()
    faces = recognition.get_face_collection()

    # 1. Subjects. Those who agreed beforehand are known.
    assert subjects.list() == {"subjects": ["Ann Lee", "Bob"]}
    assert subjects.add("Cleo") == {"subject": "Cleo"}
    code(subjects.add("cleo"), 43)
    assert subjects.list() == {"subjects": ["Ann Lee", "Bob", "Cleo"]}
    assert subjects.update("Cleo", "Cleo Day") == {"updated": True}
    assert subjects.update("Cleo Day", "Cleo Day") == {"updated": False}
    code(subjects.update("Nobody", "Somebody"), 42)
    code(subjects.add("x" * 51), 26)
    code(subjects.add("a;b"), 36)

    # 2. Examples. Nobody's is kept who did not agree, nor one that clearly shows another person.
    added = faces.add(picture("a1.jpg"), "Ann Lee")
    assert added["subject"] == "Ann Lee", added
    first = added["image_id"]
    with open(picture("a2.jpg"), "rb") as file:
        second = faces.add(file.read(), "Ann Lee")["image_id"]
    code(faces.add(picture("two.bmp"), "Ann Lee"), 31)
    code(faces.add(picture("nobody.bmp"), "Ann Lee"), 28)
    code(faces.add(picture("text.jpg"), "Ann Lee"), 28)
    code(faces.add(picture("a1.jpg"), "Cleo Day"), 1001, "Art. ")
    code(faces.add(picture("b1.jpg"), "Ann Lee"), 1003)
    listed = faces.list()
    assert [face["image_id"] for face in listed["faces"]] == [first, second], listed
    assert (listed["page_number"], listed["page_size"]) == (0, 20), listed
    assert (listed["total_pages"], listed["total_elements"]) == (1, 2), listed
    verified = faces.verify(picture("a2.jpg"), first)["result"][0]
    assert verified["similarity"] > 0.9 and verified["subject"] == "Ann Lee", verified
    code(faces.verify(picture("a2.jpg"), NOBODY), 44)

    # 3. Recognition. Age, gender and mask are never told.
    told = recognition.recognize(
        picture("a2.jpg"),
        {
            "limit": 0,
            "det_prob_threshold": 0.5,
            "prediction_count": 3,
            "face_plugins": "age,gender,landmarks,calculator,mask",
            "status": True,
        },
    )
    face = told["result"][0]
    assert told["plugins_versions"]["calculator"] and face["execution_time"]["detector"] > 0
    assert len(face["embedding"]) == 512 and len(face["landmarks"]) == 5
    assert [one["subject"] for one in face["subjects"]] == ["Ann Lee", "Ann Lee"], face["subjects"]
    assert not {"age", "gender", "mask"} & face.keys(), face.keys()
    plain = recognition.recognize(picture("a2.jpg"), {"status": False})
    assert plain.keys() == {"result"} and plain["result"][0].keys() == {"box", "subjects"}, plain
    largest = recognition.recognize(picture("two.bmp"), {"limit": 1})["result"]
    assert [face["subjects"][0]["subject"] for face in largest] == ["Ann Lee"], largest
    code(recognition.recognize(picture("nobody.bmp")), 28)
    careful = client.init_face_recognition(house["careful"])
    untold = careful.recognize(picture("a2.jpg"), {"face_plugins": "calculator"})
    assert "embedding" not in untold["result"][0], "this key may not be told embeddings"

    # 4. Verification.
    verification = client.init_face_verification(house["verification"])

    def verify(source, target, **options):
        return verification.verify(picture(source), picture(target), options)

    [same] = verify("a1.jpg", "a2.jpg", status=True, face_plugins="landmarks")["result"]
    assert same["face_matches"][0]["similarity"] > 0.9 and same["plugins_versions"], same
    assert len(same["source_image_face"]["landmarks"]) == 5, same
    [other] = verify("a1.jpg", "b1.jpg")["result"]
    assert other["face_matches"][0]["similarity"] < 0.5, other
    code(verify("two.bmp", "a2.jpg"), 31)
    assert len(verify("two.bmp", "a2.jpg", limit=1)["result"]) == 1
    assert len(verify("a2.jpg", "two.bmp")["result"][0]["face_matches"]) == 2
    code(verify("nobody.bmp", "a2.jpg"), 28)
    code(verify("a2.jpg", "nobody.bmp"), 28)

    # 5. Detection.
    detection = client.init_face_detection(house["detection"])
    found = detection.detect(picture("two.bmp"), {"status": True})
    areas = [
        (box["x_max"] - box["x_min"]) * (box["y_max"] - box["y_min"])
        for box in (face["box"] for face in found["result"])
    ]
    assert len(areas) == 2 and areas == sorted(areas, reverse=True), areas
    assert found["plugins_versions"]["detector"], found
    code(detection.detect(picture("two.bmp"), {"det_prob_threshold": 1.0}), 28)

    # 6. Two people are not made one.
    faces.add(picture("b1.jpg"), "Bob")
    code(subjects.update("Bob", "Ann Lee"), 1003)
    assert faces.list()["total_elements"] == 3

    # 7. Deleting. Whose examples are gone stays known: their consent stands.
    assert faces.delete(first) == {"image_id": first, "subject": "Ann Lee"}
    code(faces.delete(first), 44)
    assert faces.delete_all("Ann Lee") == {"deleted": 1}
    assert faces.delete_all("Ann Lee") == {"deleted": 0}
    assert "Ann Lee" in subjects.list()["subjects"]
    code(subjects.delete("x"), 42)
    assert subjects.delete("Cleo Day") == {"subject": "Cleo Day"}
    code(careful.get_subjects().delete_all(), 1011)
    assert subjects.delete_all() == {"deleted": 2}

    # 8. Keys.
    code(client.init_face_recognition(house["detection"]).get_subjects().list(), 10)
    code(client.init_face_recognition("not-a-key").get_subjects().list(), 26)
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/recognition/subjects")
    except urllib.error.HTTPError as error:
        assert error.code == 400
        code(json.load(error), 20, "Missing header: x-api-key")
    else:
        raise AssertionError("asked without a key, and answered")


with subprocess.Popen(sys.argv[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as served:
    try:
        main(json.loads(served.stdout.readline()))
    finally:
        served.stdin.close()
print("compreface-sdk 0.6.0 (Python): conforms")
