//! Planetary motion in f64: five bodies, pairwise forces, square roots and divisions.
//!
//! The one kernel with the standard library: `f64::sqrt`, a single instruction here, is not in
//! stable `core`.

#[derive(Clone, Copy)]
struct Body {
    position: [f64; 3],
    velocity: [f64; 3],
    mass: f64,
}

const BODIES: [Body; 5] = {
    let mut bodies = [Body { position: [0.0; 3], velocity: [0.0; 3], mass: 39.5 }; 5];
    let mut i = 1;
    while i < 5 {
        let far = (i * i) as f64 * 2.75 + 1.5;
        bodies[i].position = [far, -0.6 * far, 0.05 * far];
        bodies[i].velocity = [0.4 * 3.1 / far, 3.9 / (far + 0.5), -0.02 * i as f64];
        bodies[i].mass = 0.04 / i as f64;
        i += 1;
    }
    bodies
};

fn advance(bodies: &mut [Body; 5], step: f64) {
    for i in 0..5 {
        for j in i + 1..5 {
            let (near, far) = bodies.split_at_mut(j);
            let (a, b) = (&mut near[i], &mut far[0]);
            let mut delta = [0.0; 3];
            let mut squared = 0.0_f64;
            for axis in 0..3 {
                delta[axis] = a.position[axis] - b.position[axis];
                squared += delta[axis] * delta[axis];
            }
            let magnitude = step / (squared * squared.sqrt());
            for axis in 0..3 {
                a.velocity[axis] -= delta[axis] * b.mass * magnitude;
                b.velocity[axis] += delta[axis] * a.mass * magnitude;
            }
        }
    }
    for body in bodies {
        for axis in 0..3 {
            body.position[axis] += step * body.velocity[axis];
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut bodies = BODIES;
    for _ in 0..n {
        advance(&mut bodies, 0.001);
    }
    let coordinates = bodies.iter().flat_map(|body| body.position);
    coordinates.fold(0_u64, |sum, x| sum.rotate_left(7) ^ x.to_bits()) as i64
}
