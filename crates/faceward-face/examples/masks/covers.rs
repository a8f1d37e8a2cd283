//! What covers faces, drawn by chance: masks, dark glasses, caps, scarves, hands, and things held before them.

use crate::canvas::{At, Canvas, Cloth, EYES, MOUTH, NOSE, oval, polygon, soft, stroke};
use crate::pictures::Chance;

/// Kinds of covers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    Mask,
    DarkGlasses,
    Cap,
    Scarf,
    Hand,
    Thing,
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] = [
        Kind::Mask,
        Kind::DarkGlasses,
        Kind::Cap,
        Kind::Scarf,
        Kind::Hand,
        Kind::Thing,
    ];

    pub(crate) fn any(chance: &mut Chance) -> Kind {
        Kind::ALL[chance.one_of(6) as usize]
    }

    /// Draws one of these on a face.
    pub(crate) fn draw(self, canvas: &mut Canvas, chance: &mut Chance) {
        match self {
            Kind::Mask => mask(canvas, chance),
            Kind::DarkGlasses => dark_glasses(canvas, chance),
            Kind::Cap => cap(canvas, chance),
            Kind::Scarf => scarf(canvas, chance),
            Kind::Hand => hand(canvas, chance),
            Kind::Thing => thing(canvas, chance),
        }
    }
}

/// Surgical, peaked, of cloth, a kerchief; one in eight below the nose.
fn mask(canvas: &mut Canvas, chance: &mut Chance) {
    let light = canvas.light();
    let usual = [
        [120.0, 170.0, 200.0],
        [225.0, 225.0, 225.0],
        [30.0, 30.0, 32.0],
        [170.0, 180.0, 185.0],
    ];
    let mut cloth = Cloth::any(chance, light);
    if chance.often(0.5) {
        let colour = usual[chance.one_of(4) as usize];
        cloth = cloth.dyed(colour.map(|value| value + 10.0 * chance.normal()));
    }
    let low = if chance.often(0.12) { 17.0 } else { 0.0 };
    let top = 63.0 + low + 3.0 * chance.normal();
    let side = 70.0 + 0.6 * low + 3.0 * chance.normal();
    let wide = chance.between(32.0, 47.0);
    let jaw = chance.between(18.0, 30.0);
    let chin = chance.between(106.0, 124.0);
    let peak = chance.between(4.0, 14.0);
    let middle = 56.0 + 2.0 * chance.normal();
    let edge: Vec<At> = [
        (0.0, top),
        (peak, top + 1.0),
        (0.65 * wide, side - 2.0),
        (wide, side),
        (0.95 * wide, side + 16.0),
        (jaw, chin - 6.0),
        (0.0, chin),
        (-jaw, chin - 6.0),
        (-0.95 * wide, side + 16.0),
        (-wide, side),
        (-0.65 * wide, side - 2.0),
        (-peak, top + 1.0),
    ]
    .map(|(x, y)| (middle + x, y))
    .to_vec();
    if chance.often(0.6) {
        let (up, strap) = (chance.between(-14.0, 6.0), chance.between(0.4, 1.2));
        for way in [-1.0, 1.0] {
            let from = (middle + way * wide, side + 1.0);
            let to = (middle + way * 62.0, side + up);
            canvas.tint(
                |p| soft(stroke(from, to, strap, p)),
                |_, _| [210.0 * light; 3],
            );
        }
    }
    canvas.cover(|p| soft(polygon(&edge, p)), |p| cloth.at(p));
}

/// The shape of a pair of glasses.
pub(crate) struct Pair {
    lenses: [At; 2],
    size: [f32; 2],
    power: f32,
    /// Half as thick as the frame.
    frame: f32,
    pub(crate) colour: [f32; 3],
}

impl Pair {
    pub(crate) fn any(chance: &mut Chance) -> Pair {
        let (dx, dy) = (1.5 * chance.normal(), 2.0 + 2.0 * chance.normal());
        let apart = chance.between(-1.0, 2.0);
        let [left, right] = EYES;
        let kinds = [
            [15.0; 3],
            [70.0, 45.0, 25.0],
            [190.0, 160.0, 90.0],
            [150.0; 3],
            [230.0; 3],
            [150.0, 30.0, 40.0],
        ];
        Pair {
            lenses: [
                (left.0 + dx - apart, left.1 + dy),
                (right.0 + dx + apart, right.1 + dy),
            ],
            size: [chance.between(11.0, 17.5), chance.between(7.0, 14.0)],
            power: chance.between(1.9, 5.0),
            frame: chance.between(0.3, 2.0),
            colour: kinds[chance.one_of(6) as usize].map(|v: f32| v + 10.0 * chance.normal()),
        }
    }

    /// Distance to the nearer lens.
    pub(crate) fn lens(&self, at: At) -> f32 {
        let [left, right] = self
            .lenses
            .map(|lens| oval(lens, self.size, self.power, at));
        left.min(right)
    }

    /// The frame, the bridge between the lenses and the arms to the ears.
    pub(crate) fn frames(&self, at: At) -> f32 {
        let [left, right] = self.lenses;
        let (wide, up) = (self.size[0], 0.3 * self.size[1]);
        let bridge = stroke(
            (left.0 + wide, left.1 - up),
            (right.0 - wide, right.1 - up),
            self.frame,
            at,
        );
        let arm = |lens: At, way: f32| {
            let ear = (56.0 + way * 56.0, lens.1 - 1.0);
            stroke((lens.0 + way * wide, lens.1 - up), ear, self.frame, at)
        };
        let rim = self.lens(at).abs() - self.frame;
        rim.min(bridge).min(arm(left, -1.0)).min(arm(right, 1.0))
    }
}

/// Black, tinted, shaded from above, mirrored; as two lenses or as one band.
fn dark_glasses(canvas: &mut Canvas, chance: &mut Chance) {
    let pair = Pair::any(chance);
    let light = canvas.light();
    let tint = [0; 3].map(|_| chance.between(4.0, 62.0));
    let mirror = chance.often(0.3);
    let sky = [0; 3].map(|_| chance.between(60.0, 220.0));
    let ground = [0; 3].map(|_| chance.between(10.0, 120.0));
    let (horizon, slope) = (chance.between(46.0, 60.0), 0.15 * chance.normal());
    let top = chance.between(0.75, 1.0);
    let below = if chance.often(0.3) {
        chance.between(0.65, 0.9)
    } else {
        top
    };
    let spot = (chance.between(-9.0, 9.0), chance.between(-6.0, 2.0));
    let spot_size = if chance.often(0.5) {
        chance.between(0.8, 4.0)
    } else {
        0.0
    };
    let shine = chance.between(0.0, 30.0);
    let band = chance.often(0.2);
    let (high, wide) = (chance.between(9.0, 14.0), chance.between(36.0, 46.0));
    let inside = |p: At| {
        if band {
            let nose = 6.0 * (-((p.0 - 56.0) / 7.0).powi(2)).exp();
            oval((56.0, 53.0), [wide, high], 4.0, p).max(p.1 + nose - 53.0 - high)
        } else {
            pair.lens(p)
        }
    };
    let down = |y: f32| ((y - 42.0) / 22.0).clamp(0.0, 1.0);
    let much = |p: At| soft(inside(p)) * (top + (below - top) * down(p.1));
    canvas.cover(much, |(x, y)| {
        let own = if mirror {
            if y < horizon + slope * (x - 56.0) {
                sky
            } else {
                ground
            }
        } else {
            tint.map(|value| value + shine * (1.0 - down(y)))
        };
        let near = EYES.map(|eye| (x - eye.0 - spot.0).hypot(y - eye.1 - spot.1));
        let bright = 200.0 * soft(near[0].min(near[1]) - spot_size);
        own.map(|value| value * light + if spot_size > 0.0 { bright } else { 0.0 })
    });
    let frame = |p: At| {
        if band {
            soft(inside(p).abs() - pair.frame)
        } else {
            soft(pair.frames(p))
        }
    };
    canvas.tint(frame, |_, _| pair.colour.map(|v| v * light));
}

/// A cap with its peak and the shadow of it, a band around the head, a hat, a head scarf.
fn cap(canvas: &mut Canvas, chance: &mut Chance) {
    let light = canvas.light();
    let (crown, peak) = (Cloth::any(chance, light), Cloth::any(chance, 0.6 * light));
    let edge = chance.between(17.0, 41.0);
    let bent = chance.between(-10.0, 14.0);
    let slope = 0.08 * chance.normal();
    let line = move |x: f32| edge + bent * ((x - 56.0) / 56.0).powi(2) + slope * (x - 56.0);
    let (shade, far) = (chance.between(0.35, 0.95), chance.between(3.0, 26.0));
    if chance.often(0.7) {
        let much = |(x, y): At| 1.0 - ((y - line(x)) / far).clamp(0.0, 1.0);
        canvas.tint(much, |_, under| under.map(|value| value * shade));
    }
    let thick = if chance.often(0.6) {
        chance.between(4.0, 12.0)
    } else {
        0.0
    };
    let from = if chance.often(0.2) {
        edge - chance.between(8.0, 20.0)
    } else {
        -200.0
    };
    canvas.cover(
        |(x, y)| soft((y - line(x)).max(from - y)),
        |(x, y)| {
            if y > line(x) - thick {
                peak.at((x, y))
            } else {
                crown.at((x, y))
            }
        },
    );
    if chance.often(0.2) {
        let beside = chance.between(34.0, 48.0);
        canvas.cover(|(x, _)| soft(beside - (x - 56.0).abs()), |p| crown.at(p));
    }
}

/// From below, as wide as the picture.
fn scarf(canvas: &mut Canvas, chance: &mut Chance) {
    let cloth = Cloth::any(chance, canvas.light());
    let edge = chance.between(68.0, 99.0);
    let (bent, slope) = (chance.between(-14.0, 8.0), 0.12 * chance.normal());
    let wave = chance.between(0.0, 2.5);
    canvas.cover(
        |(x, y)| {
            let aside = (x - 56.0) / 56.0;
            soft(edge + bent * aside * aside + 56.0 * slope * aside + wave * (0.2 * x).sin() - y)
        },
        |p| cloth.at(p),
    );
}

/// Fingers of the face's own colour, seldom another's or a glove, from outside towards a part of the face.
fn hand(canvas: &mut Canvas, chance: &mut Chance) {
    let skin = canvas.skin();
    let fair = (0.14 * chance.normal()).exp();
    let glove = chance.often(0.1);
    let colour = if glove {
        [0; 3].map(|_| chance.between(10.0, 230.0))
    } else {
        skin.map(|value| (value * fair * (0.04 * chance.normal()).exp()).min(250.0))
    };
    let goals = [
        MOUTH,
        MOUTH,
        NOSE,
        EYES[0],
        EYES[1],
        (34.0, 78.0),
        (78.0, 78.0),
    ];
    let goal = goals[chance.one_of(7) as usize];
    let goal = (
        goal.0 + 6.0 * chance.normal(),
        goal.1 + 6.0 * chance.normal(),
    );
    // From below, the left or the right; onto the eyes also from above.
    let way = match chance.one_of(4) {
        0 => chance.between(1.2, 1.9),
        1 => chance.between(-0.5, 0.7),
        2 => chance.between(2.4, 3.6),
        _ if goal.1 < 60.0 => chance.between(-2.2, -0.9),
        _ => chance.between(0.6, 2.5),
    };
    let (thick, many) = (chance.between(4.2, 7.0), 2 + chance.one_of(3));
    let (across, spread) = ((-way.sin(), way.cos()), chance.between(1.7, 2.2) * thick);
    for i in 0..many {
        let off = (i as f32 - (many - 1) as f32 / 2.0) * spread;
        let reach = -(off * off) / (9.0 * thick) + 2.0 * chance.normal() + 2.0 * thick;
        let tip = (
            goal.0 + off * across.0 - reach * way.cos(),
            goal.1 + off * across.1 - reach * way.sin(),
        );
        let root = (
            goal.0 + 0.8 * off * across.0 + 90.0 * way.cos(),
            goal.1 + 0.8 * off * across.1 + 90.0 * way.sin(),
        );
        let shade = chance.between(0.2, 0.45);
        let inside = |p: At| stroke(tip, root, thick, p);
        canvas.tint(
            |p| 0.5 * soft(inside(p) - 1.5),
            |_, under| under.map(|value| 0.6 * value),
        );
        canvas.cover(
            |p| soft(inside(p)),
            |p| {
                let out = (1.0 + inside(p) / thick).clamp(0.0, 1.0);
                let round = 1.05 - shade * out * out;
                let joint = 1.0 - 0.08 * (0.35 * stroke(tip, tip, 0.0, p)).sin().powi(8);
                colour.map(|value| value * round * joint)
            },
        );
    }
}

/// A telephone, a microphone, a cup, a sheet: a box or an oval of any look before any part of the face.
fn thing(canvas: &mut Canvas, chance: &mut Chance) {
    let cloth = Cloth::any(chance, canvas.light());
    let middle = (chance.between(14.0, 98.0), chance.between(28.0, 108.0));
    let size = [chance.between(9.0, 30.0), chance.between(9.0, 30.0)];
    let turn = chance.between(-1.6, 1.6);
    let power = if chance.often(0.6) { 8.0 } else { 2.0 };
    canvas.cover(
        |(x, y)| {
            let (dx, dy) = (x - middle.0, y - middle.1);
            let along = dx * turn.cos() + dy * turn.sin();
            let across = dy * turn.cos() - dx * turn.sin();
            soft(oval((0.0, 0.0), size, power, (along, across)))
        },
        |p| cloth.at(p),
    );
}
