//! The five photographs the story is told with, compiled in so that the program needs no files. Where each is from and
//! on what terms: `demo/README.md`.

/// A photograph, as its source publishes it.
pub(super) struct Photo {
    /// File name, and the name of the picture on the page.
    pub(super) file: &'static str,
    pub(super) bytes: &'static [u8],
    /// Media type.
    pub(super) media: &'static str,
    /// Pixels across and down.
    pub(super) size: (u32, u32),
    /// What a reader who cannot see it should know.
    pub(super) shows: &'static str,
    pub(super) credit: &'static str,
}

/// The one that is enrolled.
pub(super) static OBAMA: Photo = Photo {
    file: "obama.jpg",
    bytes: include_bytes!("../../../../../demo/obama.jpg"),
    media: "image/jpeg",
    size: (910, 1137),
    shows: "Barack Obama, smiling, facing the camera, December 2012",
    credit: WHITE_HOUSE,
};

/// The same person three years earlier, head turned, speaking.
pub(super) static OBAMA_SPEAKING: Photo = Photo {
    file: "obama2.jpg",
    bytes: include_bytes!("../../../../../demo/obama2.jpg"),
    media: "image/jpeg",
    size: (626, 1200),
    shows: "Barack Obama, speaking, head turned, September 2009",
    credit: WHITE_HOUSE,
};

/// The same person from further away.
pub(super) static OBAMA_STANDING: Photo = Photo {
    file: "obama3.jpg",
    bytes: include_bytes!("../../../../../demo/obama3.jpg"),
    media: "image/jpeg",
    size: (1434, 2333),
    shows: "Barack Obama, standing, seen from further away, May 2010",
    credit: WHITE_HOUSE,
};

/// The other person.
pub(super) static BIDEN: Photo = Photo {
    file: "biden.jpg",
    bytes: include_bytes!("../../../../../demo/biden.jpg"),
    media: "image/jpeg",
    size: (970, 2204),
    shows: "Joe Biden, standing, May 2010",
    credit: WHITE_HOUSE,
};

/// The stranger.
pub(super) static COLLINS: Photo = Photo {
    file: "astronaut.png",
    bytes: include_bytes!("../../../../../demo/astronaut.png"),
    media: "image/png",
    size: (512, 512),
    shows: "Eileen Collins in an orange space suit",
    credit: "NASA",
};

/// All of them, in the order they appear.
pub(super) static PHOTOS: [&Photo; 5] =
    [&OBAMA, &OBAMA_SPEAKING, &BIDEN, &OBAMA_STANDING, &COLLINS];

const WHITE_HOUSE: &str = "Official White House photo by Pete Souza";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_files() {
        for photo in PHOTOS {
            let read = image::ImageReader::new(std::io::Cursor::new(photo.bytes));
            let size = read
                .with_guessed_format()
                .unwrap()
                .into_dimensions()
                .unwrap();
            assert_eq!(size, photo.size, "{}", photo.file);
        }
    }
}
