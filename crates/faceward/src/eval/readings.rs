use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use faceward_face::{Choice, Face, FaceError, Image, Quality, Reader, Rect, choose};
use faceward_match::Template;
use serde::Serialize;

use super::{EvalError, Options, Progress, WhichFace};

/// What every picture of a protocol gave.
pub(super) struct Readings(BTreeMap<String, Result<Reading, Failure>>);

/// What is told of files that were read otherwise.
pub(super) struct Told {
    pub(super) pictures: usize,
    pub(super) failures: Vec<Failure>,
}

/// What one picture gave, as far as it was wanted.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) template: Option<Template>,
    pub(super) liveness: Option<f32>,
    pub(super) quality: Option<Quality>,
    /// Every face found, in pixels of the picture.
    pub(super) faces: Vec<Rect>,
}

/// A picture that did not give what was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The path as the protocol writes it.
    pub file: String,
    /// How far it came.
    pub stage: Stage,
    /// What was wrong.
    pub reason: String,
}

/// Where the reading of a picture stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Missing or not a picture.
    File,
    /// No face was detected: failure to acquire.
    Face,
    /// A face was found and could not be made into a template.
    Template,
}

/// What a protocol needs of each picture.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// All faces.
    Faces,
    /// The template of one face, as it is `enrolled` or as a probe, and where asked its liveness score and its quality.
    Template {
        face: WhichFace,
        liveness: bool,
        enrolled: bool,
        quality: bool,
    },
    /// The liveness score of one face.
    Liveness { face: WhichFace },
}

impl Readings {
    /// Reads every file once. Refuses only where not a single file is a picture.
    pub(super) fn read(
        options: &Options,
        reader: &Reader,
        files: BTreeSet<&str>,
        wanted: Wanted,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Readings, EvalError> {
        let root = root(options);
        let files: Vec<&str> = files.into_iter().collect();
        let one = |file: &str| read_one(reader, &root, file, wanted, options.pad_grey);
        let read = on_all_cores(options, &files, one, progress);
        let unreadable =
            |r: &Result<Reading, Failure>| matches!(r, Err(f) if f.stage == Stage::File);
        if let Some(Err(first)) = read.values().next()
            && read.values().all(unreadable)
        {
            let first = format!("{}: {}", first.file, first.reason);
            return Err(EvalError::NoPictures {
                pictures: read.len(),
                root,
                first,
            });
        }
        Ok(Readings(read))
    }

    /// Pictures with these templates of one invented model, or without.
    #[cfg(test)]
    pub(super) fn of_templates(templates: &[(&str, Option<[f32; 2]>)]) -> Readings {
        let one = |(file, values): &(&str, Option<[f32; 2]>)| {
            let file = (*file).to_owned();
            let reading = match values {
                Some(values) => {
                    let model = faceward_match::ModelId::new("test", [0; 32]).unwrap();
                    let template = Template::from_raw(model, values.to_vec()).unwrap();
                    Ok(Reading {
                        template: Some(template),
                        ..Reading::default()
                    })
                }
                None => Err(Failure {
                    file: file.clone(),
                    stage: Stage::Face,
                    reason: String::new(),
                }),
            };
            (file, reading)
        };
        Readings(templates.iter().map(one).collect())
    }

    /// What the picture gave, if it gave anything.
    pub(super) fn get(&self, file: &str) -> Option<&Reading> {
        self.0.get(file).and_then(|r| r.as_ref().ok())
    }

    pub(super) fn template(&self, file: &str) -> Option<&Template> {
        self.get(file)?.template.as_ref()
    }

    pub(super) fn liveness(&self, file: &str) -> Option<f32> {
        self.get(file)?.liveness
    }

    pub(super) fn told(self) -> Told {
        Told {
            pictures: self.0.len(),
            failures: self.0.into_values().filter_map(Result::err).collect(),
        }
    }
}

/// Each core takes the next file until none is left.
fn on_all_cores(
    options: &Options,
    files: &[&str],
    read: impl Fn(&str) -> Result<Reading, Failure> + Sync,
    progress: &(dyn Fn(Progress) + Sync),
) -> BTreeMap<String, Result<Reading, Failure>> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        let mut mine = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            mine.push(((*file).to_owned(), read(file)));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(Progress {
                done,
                total: files.len(),
            });
        }
        mine
    };
    let cores = options
        .threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, usize::from);
    thread::scope(|scope| {
        let others: Vec<_> = (1..cores.min(files.len()))
            .map(|_| scope.spawn(worker))
            .collect();
        let mut read = worker();
        for other in others {
            match other.join() {
                Ok(theirs) => read.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        read.into_iter().collect()
    })
}

fn read_one(
    reader: &Reader,
    root: &Path,
    file: &str,
    wanted: Wanted,
    frame: f32,
) -> Result<Reading, Failure> {
    let failed = |stage, reason: String| Failure {
        file: file.to_owned(),
        stage,
        reason,
    };
    let bytes = fs::read(root.join(file)).map_err(|e| failed(Stage::File, e.to_string()))?;
    let image = Image::decode(&bytes)
        .and_then(|image| framed(image, frame))
        .map_err(|e| failed(Stage::File, e.to_string()))?;
    let faces = reader
        .detect(&image)
        .map_err(|e| failed(Stage::Face, e.to_string()))?;
    type Make = fn(&Reader, &Image, &Face) -> Result<Template, FaceError>;
    let (which, make, liveness, quality): (_, Option<Make>, _, _) = match wanted {
        Wanted::Faces => {
            return Ok(Reading {
                faces: faces.iter().map(|f| f.rect).collect(),
                ..Reading::default()
            });
        }
        Wanted::Template {
            face,
            liveness,
            enrolled,
            quality,
        } => {
            let make = if enrolled {
                Reader::reference
            } else {
                Reader::template
            };
            (face, Some(make as Make), liveness, quality)
        }
        Wanted::Liveness { face } => (face, None, true, false),
    };
    let face = meant(&faces, which, &image)
        .ok_or_else(|| failed(Stage::Face, FaceError::NoFace.to_string()))?;
    let mut reading = Reading::default();
    if let Some(make) = make {
        let made =
            make(reader, &image, face).map_err(|e| failed(Stage::Template, e.to_string()))?;
        reading.template = Some(made);
    }
    if liveness {
        let judged = reader
            .liveness(&image, face)
            .map_err(|e| failed(Stage::Template, e.to_string()))?;
        reading.liveness = Some(judged.score);
    }
    if quality {
        let judged = reader
            .quality(&image, face)
            .map_err(|e| failed(Stage::Template, e.to_string()))?;
        reading.quality = Some(judged);
    }
    Ok(reading)
}

fn meant<'a>(faces: &'a [Face], which: WhichFace, image: &Image) -> Option<&'a Face> {
    let choice = match which {
        WhichFace::Central => Choice::MostCentral {
            width: image.width(),
            height: image.height(),
        },
        WhichFace::Largest => Choice::Largest,
    };
    choose(faces, choice)
}

/// The picture in the middle of a grey one, `share` of its longer side wider at every edge.
fn framed(image: Image, share: f32) -> Result<Image, FaceError> {
    let (width, height) = (image.width(), image.height());
    let edge = (share * width.max(height) as f32).round() as u32;
    if edge == 0 {
        return Ok(image);
    }
    let (wide, high) = (width + 2 * edge, height + 2 * edge);
    let grey = |pixels: u32| std::iter::repeat_n(127, 3 * pixels as usize);
    let mut rgb = Vec::with_capacity(3 * wide as usize * high as usize);
    rgb.extend(grey(edge * wide));
    for row in image.rgb().chunks_exact(3 * width as usize) {
        rgb.extend(grey(edge));
        rgb.extend_from_slice(row);
        rgb.extend(grey(edge));
    }
    rgb.extend(grey(edge * wide));
    Image::from_rgb(wide, high, rgb)
}

/// The folder that the paths of the protocol start from.
pub(super) fn root(options: &Options) -> PathBuf {
    let given = options.root.clone();
    given.unwrap_or_else(|| folder_of(&options.protocol))
}

fn folder_of(protocol: &Path) -> PathBuf {
    protocol.parent().map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_frame_surrounds_the_picture_and_leaves_it_whole() {
        let image = Image::from_rgb(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let framed = framed(image, 0.5).unwrap();
        assert_eq!((framed.width(), framed.height()), (4, 3));
        let middle = &framed.rgb()[12..24];
        assert_eq!(middle, [127, 127, 127, 1, 2, 3, 4, 5, 6, 127, 127, 127]);
        assert!(
            framed.rgb()[..12]
                .iter()
                .chain(&framed.rgb()[24..])
                .all(|v| *v == 127)
        );
    }

    #[test]
    fn every_file_is_read_once_whatever_the_number_of_cores() {
        let names: Vec<String> = (0..50).map(|i| format!("{i}.jpg")).collect();
        let files: Vec<&str> = names.iter().map(String::as_str).collect();
        for cores in [1, 3, 64] {
            let options = Options {
                threads: cores.try_into().ok(),
                ..Options::new(PathBuf::new())
            };
            let (reads, last) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let read = |file: &str| {
                reads.fetch_add(1, Ordering::Relaxed);
                Err(Failure {
                    file: file.to_owned(),
                    stage: Stage::File,
                    reason: String::new(),
                })
            };
            let seen = |p: Progress| {
                last.fetch_max(p.done, Ordering::Relaxed);
            };
            let found = on_all_cores(&options, &files, read, &seen);
            assert_eq!(
                (found.len(), reads.into_inner(), last.into_inner()),
                (50, 50, 50)
            );
        }
    }
}
