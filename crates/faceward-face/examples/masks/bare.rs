//! What does not cover a face and must not be taken for it: clear glasses, hair, beards, paint, shut eyes, open mouths,
//! shade.

use std::f32::consts::TAU;

use crate::canvas::{At, Canvas, Colour, EYES, MOUTH, oval, polygon, soft, stroke};
use crate::covers::Pair;
use crate::pictures::Chance;

/// Draws any of it on a face.
pub(crate) fn draw(canvas: &mut Canvas, chance: &mut Chance) {
    match chance.one_of(12) {
        0 | 1 => clear_glasses(canvas, chance),
        2 => fringe(canvas, chance),
        3 => beard(canvas, chance),
        4 => lips(canvas, chance),
        5 => shut_eyes(canvas, chance),
        6 => open_mouth(canvas, chance),
        7 => deep_eyes(canvas, chance),
        _ => shade(canvas, chance),
    }
}

/// Frames, lenses with at most a little colour, and glare on a part of them.
fn clear_glasses(canvas: &mut Canvas, chance: &mut Chance) {
    let pair = Pair::any(chance);
    let tinted = chance.often(0.3);
    let (much, tint) = (
        if tinted {
            chance.between(0.0, 0.3)
        } else {
            0.0
        },
        [0; 3].map(|_| chance.between(20.0, 160.0)),
    );
    canvas.tint(|p| much * soft(pair.lens(p)), |_, _| tint);
    if chance.often(0.35) {
        let (x, y) = (chance.between(-12.0, 12.0), chance.between(-7.0, 5.0));
        let (size, bright) = (chance.between(1.0, 6.0), chance.between(0.3, 0.9));
        let glare = |p: At| {
            let near = EYES.map(|eye| oval((eye.0 + x, eye.1 + y), [size, 0.6 * size], 3.0, p));
            bright * soft(near[0].min(near[1]).max(pair.lens(p)))
        };
        canvas.tint(glare, |_, _| [240.0; 3]);
    }
    canvas.tint(|p| soft(pair.frames(p)), |_, _| pair.colour);
}

fn hair_colour(chance: &mut Chance) -> [f32; 3] {
    let colours = [
        [22.0, 18.0, 16.0],
        [60.0, 40.0, 25.0],
        [110.0, 75.0, 40.0],
        [185.0, 150.0, 100.0],
        [150.0; 3],
        [215.0; 3],
    ];
    colours[chance.one_of(6) as usize].map(|value: f32| value + 8.0 * chance.normal())
}

/// Hair from above over the forehead.
fn fringe(canvas: &mut Canvas, chance: &mut Chance) {
    let colour = hair_colour(chance);
    let edge = chance.between(6.0, 40.0);
    let aside = chance.between(-0.5, 0.5);
    let rough = chance.between(1.0, 6.0);
    let beside = chance.between(38.0, 60.0);
    let much = |(x, y): At| {
        let strand = rough * (0.9 * x + 0.15 * y).sin() * (0.31 * x).cos();
        let above = y - (edge + aside * (x - 56.0) + strand);
        soft(above.min(beside + 0.5 * strand - (x - 56.0).abs()))
    };
    canvas.tint(much, |(x, y), _| {
        let sheen = 1.0 + 0.25 * (1.7 * x + 0.3 * y).sin() * (0.4 * x - 0.2 * y).cos();
        colour.map(|value| value * sheen)
    });
}

/// A moustache, a chin, or all of it, from stubble to thick.
fn beard(canvas: &mut Canvas, chance: &mut Chance) {
    let colour = hair_colour(chance);
    let strength = chance.between(0.35, 0.97);
    let full = chance.often(0.6);
    let moustache = chance.often(0.75);
    let top = chance.between(74.0, 92.0);
    let outline = [
        (18.0, top - 8.0),
        (30.0, top),
        (38.0, top + 6.0),
        (56.0, 102.0),
        (74.0, top + 6.0),
        (82.0, top),
        (94.0, top - 8.0),
        (86.0, 120.0),
        (26.0, 120.0),
    ];
    let grain = chance.even();
    let much = |p: At| {
        let cheeks = if full {
            soft(polygon(&outline, p) / 2.0)
        } else {
            0.0
        };
        let lip = soft(oval((56.0, 84.5), [19.0, 4.5], 2.0, p) / 2.0);
        let noise = ((p.0 * 12.99 + p.1 * 78.23 + grain).sin() * 43758.5)
            .fract()
            .abs();
        let hair = cheeks.max(if moustache { lip } else { 0.0 });
        let mouth = soft(oval(MOUTH, [15.0, 4.5], 2.0, p));
        (hair - mouth).max(0.0) * strength * (0.7 + 0.5 * noise)
    };
    canvas.tint(much, |_, _| colour);
}

fn lips(canvas: &mut Canvas, chance: &mut Chance) {
    let colour = [
        chance.between(110.0, 200.0),
        chance.between(10.0, 70.0),
        chance.between(20.0, 90.0),
    ];
    let (much, high) = (chance.between(0.3, 0.8), chance.between(3.0, 6.0));
    canvas.tint(
        |p| much * soft(oval(MOUTH, [16.0, high], 2.0, p) / 1.5),
        |_, _| colour,
    );
}

/// Lids of the colour of the face, with lashes.
fn shut_eyes(canvas: &mut Canvas, chance: &mut Chance) {
    let skin = canvas.skin();
    let dark = chance.between(0.3, 0.7);
    let lower = chance.between(0.5, 3.5);
    for eye in EYES {
        canvas.tint(
            |p| soft(oval(eye, [9.5, 5.0], 2.0, p) / 2.0),
            |(_, y), _| skin.map(|v| v * (1.0 - 0.02 * (y - eye.1 + 5.0))),
        );
        let (from, to) = ((eye.0 - 7.5, eye.1 + lower), (eye.0 + 7.5, eye.1 + lower));
        let low = (eye.0, eye.1 + lower + 1.5);
        canvas.tint(
            |p| soft(stroke(from, low, 0.5, p).min(stroke(low, to, 0.5, p))),
            |_, under| under.map(|v| v * dark),
        );
    }
}

fn open_mouth(canvas: &mut Canvas, chance: &mut Chance) {
    let (wide, high) = (chance.between(9.0, 17.0), chance.between(4.0, 12.0));
    let middle = (MOUTH.0, MOUTH.1 + 0.4 * high);
    let teeth = chance.between(0.0, 0.7);
    canvas.tint(
        |p| soft(oval(middle, [wide, high], 2.2, p)),
        |(_, y), _| {
            if y < middle.1 - (1.0 - 1.4 * teeth) * high {
                [205.0, 200.0, 190.0]
            } else {
                [60.0, 22.0, 22.0]
            }
        },
    );
}

/// Shade or paint around the eyes, and dark brows.
fn deep_eyes(canvas: &mut Canvas, chance: &mut Chance) {
    let (much, wide, high) = (
        chance.between(0.3, 0.85),
        chance.between(9.0, 16.0),
        chance.between(5.0, 11.0),
    );
    let reach = chance.between(2.0, 7.0);
    let colour = [0; 3].map(|_| chance.between(0.0, 60.0));
    let near = |p: At| {
        let [a, b] = EYES.map(|eye| oval((eye.0, eye.1 - 2.0), [wide, high], 2.0, p));
        soft(a.min(b) / reach)
    };
    canvas.tint(
        |p| much * near(p),
        |_, under| [0, 1, 2].map(|c| under[c] * 0.4 + 0.3 * colour[c]),
    );
    if chance.often(0.5) {
        let thick = chance.between(1.0, 3.0);
        for (eye, way) in EYES.into_iter().zip([-1.0, 1.0]) {
            let from = (eye.0 - way * 10.0, eye.1 - 11.0);
            let to = (eye.0 + way * 11.0, eye.1 - 12.0);
            canvas.tint(
                |p| 0.8 * soft(stroke(from, to, thick, p)),
                |_, _| [30.0, 22.0, 18.0],
            );
        }
    }
}

/// A shadow: of something with an edge, hard or soft, over a half of the face, above, below, or a strip; or the face's
/// own, when the light comes from beside it or above.
fn shade(canvas: &mut Canvas, chance: &mut Chance) {
    let way = chance.between(0.0, TAU);
    let deep = chance.between(0.0, 0.6).powi(2) * 1.7;
    let rest = |under: Colour| under.map(|value| value * deep);
    if chance.often(0.5) {
        return own_shade(canvas, chance, deep);
    }
    let (reach, edge) = (chance.between(0.5, 14.0), chance.between(-22.0, 30.0));
    let strip = chance.often(0.3);
    let wide = if strip {
        chance.between(10.0, 30.0)
    } else {
        300.0
    };
    canvas.tint(
        |(x, y)| {
            let along = (x - 56.0) * way.cos() + (y - 66.0) * way.sin();
            soft((edge - along).max(along - edge - wide) / reach)
        },
        |_, under| rest(under),
    );
}

/// As on a round head with deep eyes and a nose that throws a shadow.
fn own_shade(canvas: &mut Canvas, chance: &mut Chance, deep: f32) {
    let way = chance.between(0.0, TAU);
    let hard = chance.between(1.5, 5.0);
    let turn = chance.between(-0.9, 0.6);
    let (dx, dy) = (way.cos(), 0.6 * way.sin());
    canvas.tint(
        |p| {
            let (u, v) = ((p.0 - 56.0) / 48.0, (p.1 - 66.0) / 62.0);
            let front = (1.0 - u * u - v * v).max(0.0).sqrt();
            let lit = hard * (u * dx + v * dy + 0.4 * turn * front);
            let [a, b] = EYES.map(|eye| oval((eye.0, eye.1 - 1.0), [11.0, 6.5], 2.0, p));
            let beside = stroke((56.0 - 3.0 * dx, 48.0), (56.0 - 9.0 * dx, 74.0), 3.5, p);
            let hollow = soft(a.min(b).min(beside) / 3.0);
            1.0 - lit.clamp(0.0, 1.0) * (1.0 - 0.8 * hollow)
        },
        |_, under| under.map(|value| value * deep),
    );
}
