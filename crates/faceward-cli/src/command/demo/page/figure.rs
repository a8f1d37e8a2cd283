//! Photographs with what was found in them drawn over them.

use faceward::Face;

use crate::command::demo::exhibit::Picture;
use crate::command::demo::photo::{PHOTOS, Photo};
use crate::data_uri::data_uri;
use crate::html::{Html, all, element, said, text};

/// Every photograph once; the figures refer to them.
pub(super) fn album() -> Html {
    let images = PHOTOS.map(|photo| {
        let (width, height) = (photo.size.0.to_string(), photo.size.1.to_string());
        let uri = data_uri(photo.media, photo.bytes);
        element(
            "image",
            [
                ("id", photo.file),
                ("href", &uri),
                ("width", &width),
                ("height", &height),
            ],
            [],
        )
    });
    element(
        "svg",
        [
            ("class", "album"),
            ("width", "0"),
            ("height", "0"),
            ("aria-hidden", "true"),
        ],
        [element("defs", [], images)],
    )
}

/// Photographs side by side.
pub(super) fn figures(pictures: &[Picture]) -> Html {
    element("div", [("class", "pictures")], pictures.iter().map(figure))
}

fn figure(picture: &Picture) -> Html {
    let photo = picture.photo;
    let drawn = match &picture.face {
        Some(face) => seen(photo, face),
        None => unseen(photo),
    };
    let caption = element(
        "figcaption",
        [],
        [
            said("span", "role", picture.role),
            text(" "),
            said("span", "file", photo.file),
        ],
    );
    element("figure", [], [drawn, caption])
}

/// The photograph around the face, with its box and five points.
fn seen(photo: &'static Photo, face: &Face) -> Html {
    let frame = Frame::around(photo, face);
    let r = &face.rect;
    let radius = number(r.side() / 45.0);
    let corners = [r.x, r.y, r.width, r.height].map(number);
    let [x, y, width, height] = corners.each_ref().map(String::as_str);
    let outline = |class| {
        element(
            "rect",
            [
                ("class", class),
                ("x", x),
                ("y", y),
                ("width", width),
                ("height", height),
            ],
            [],
        )
    };
    let points = face.points.iter().map(|point| {
        let (x, y) = (number(point.x + 0.5), number(point.y + 0.5));
        element(
            "circle",
            [("cx", x.as_str()), ("cy", &y), ("r", &radius)],
            [],
        )
    });
    let shapes = all([outline("halo"), outline("box")].into_iter().chain(points));
    frame.svg(
        photo,
        "seen",
        "the face that was found is boxed, with five points on eyes, nose and mouth",
        shapes,
    )
}

/// The photograph as it came: nobody looked for a face in it.
fn unseen(photo: &'static Photo) -> Html {
    Frame::top(photo).svg(
        photo,
        "unseen",
        "the picture was not looked at, so no face is marked",
        all([]),
    )
}

/// The part of a photograph that is shown, four wide and five high.
struct Frame {
    x: f32,
    y: f32,
    width: f32,
}

const TALL: f32 = 1.25;
/// Width of the shown part in widths of the face.
const ROOM: f32 = 2.0;

impl Frame {
    fn top(photo: &Photo) -> Self {
        let width = widest(photo);
        Self {
            x: (photo.size.0 as f32 - width) / 2.0,
            y: 0.0,
            width,
        }
    }

    fn around(photo: &Photo, face: &Face) -> Self {
        let centre = face.rect.centre();
        let width = (face.rect.side() * ROOM).min(widest(photo));
        let height = width * TALL;
        let within =
            |start: f32, size: f32, length: u32| start.clamp(0.0, (length as f32 - size).max(0.0));
        Self {
            x: within(centre.x - width / 2.0, width, photo.size.0),
            y: within(centre.y - height * 0.45, height, photo.size.1),
            width,
        }
    }

    fn svg(&self, photo: &'static Photo, class: &str, state: &str, shapes: Html) -> Html {
        let view = [self.x, self.y, self.width, self.width * TALL]
            .map(number)
            .join(" ");
        let label = format!("{}. {}; {state}.", photo.shows, photo.credit);
        let reference = format!("#{}", photo.file);
        let photograph = element("use", [("href", reference.as_str())], []);
        element(
            "svg",
            [
                ("class", class),
                ("role", "img"),
                ("aria-label", &label),
                ("viewBox", &view),
            ],
            [photograph, shapes],
        )
    }
}

fn widest(photo: &Photo) -> f32 {
    let (width, height) = (photo.size.0 as f32, photo.size.1 as f32);
    width.min(height / TALL)
}

fn number(value: f32) -> String {
    format!("{value:.1}")
}
