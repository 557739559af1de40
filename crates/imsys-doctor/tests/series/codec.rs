//! The bytes of chunks.

use crate::dice::Dice;
use imsys_doctor::builtin::series::codec::{DecodeError, Point, Summary, points, summaries};

const START: u32 = 1_700_006_400;
const SPAN: u32 = 14_400;

fn chunk(values: &[f64], step: u32) -> Vec<Point> {
    let at = |n: usize| START + 7 + step * n as u32;
    values.iter().enumerate().map(|(n, value)| Point { at: at(n), value: *value }).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Both ways.
fn golden(points: &[Point], bytes: &str) {
    let encoded = points::encode(START, points);
    assert_eq!(hex(&encoded), bytes);
    assert_eq!(points::decode(START, SPAN, &encoded).as_deref(), Ok(points));
}

#[test]
fn chunks_of_each_form_are_these_bytes() {
    golden(&chunk(&[-61.0, -61.0, -60.0, -62.0], 300), GOLDEN_WHOLE);
    golden(&chunk(&[12.345], 300), GOLDEN_ONE);
    golden(&chunk(&[1.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0], 60), GOLDEN_XOR);
}

#[test]
fn rows_of_each_form_are_these_bytes() {
    let decimal = [
        Summary { at: START, count: 6, min: -63.0, max: -60.0, sum: -369.0 },
        Summary { at: START + 1800, count: 6, min: -63.0, max: -61.0, sum: -372.0 },
        Summary { at: START + 5400, count: 1, min: -70.0, max: -70.0, sum: -70.0 },
    ];
    let float =
        [Summary { at: START, count: 2, min: 0.25, max: 0.3333333432674408, sum: 0.5833333432674408 }];
    for (row, bytes) in [(&decimal[..], GOLDEN_SUMMARIES), (&float[..], GOLDEN_FLOATS)] {
        let encoded = summaries::encode(START, 1800, row);
        assert_eq!(hex(&encoded), bytes);
        let decoded = summaries::decode(START, 1800, 48, &encoded).unwrap();
        let sums = |row: &[Summary]| row.iter().map(|s| s.sum).collect::<Vec<_>>();
        assert!(sums(&decoded).iter().zip(sums(row)).all(|(a, b)| (a - b).abs() < 1e-7), "{decoded:?}");
        let others = |row: &[Summary]| row.iter().map(|s| Summary { sum: 0.0, ..*s }).collect::<Vec<_>>();
        assert_eq!(others(&decoded), others(row));
    }
}

/// Points at random seconds of a chunk, most of them regular, of one kind or of all.
fn random_points(dice: &mut Dice) -> Vec<Point> {
    let (step, jitter) = (1 + dice.below(600), 1 + dice.below(3));
    let kind = dice.below(3);
    let mut at = START + dice.below(SPAN);
    let mut points = Vec::new();
    while at < START + SPAN {
        let value = match kind {
            0 => f64::from(dice.below(1000)) / 10.0,
            1 => dice.value(),
            _ => Some(f64::from_bits(dice.bits())).filter(|value| value.is_finite()).unwrap_or(-0.0),
        };
        points.push(Point { at, value });
        at += step + dice.below(jitter);
    }
    points
}

#[test]
fn random_points_come_back_bit_by_bit() {
    let mut dice = Dice::new(1);
    for _ in 0..2_000 {
        let points = random_points(&mut dice);
        let decoded = points::decode(START, SPAN, &points::encode(START, &points)).unwrap();
        let exact = |points: &[Point]| points.iter().map(|p| (p.at, p.value.to_bits())).collect::<Vec<_>>();
        assert_eq!(exact(&decoded), exact(&points));
    }
}

#[test]
fn random_summaries_come_back_exactly_as_decimals_and_else_nearly() {
    let mut dice = Dice::new(2);
    for round in 0..2_000 {
        let mut points = random_points(&mut dice);
        points.iter_mut().for_each(|point| {
            let decimal = f64::from(dice.below(100_000)) / 100.0;
            point.value = if round % 2 == 0 { decimal } else { dice.value() };
        });
        let row = summaries::summarise(&points, 300);
        let decoded = summaries::decode(START, 300, 48, &summaries::encode(START, 300, &row)).unwrap();
        assert_eq!(decoded.len(), row.len());
        for (decoded, summary) in decoded.iter().zip(&row) {
            assert_eq!((decoded.at, decoded.count), (summary.at, summary.count));
            let near = |a: f64, b: f64| (a - b).abs() <= 2e-7 * a.abs().max(b.abs());
            if round % 2 == 0 {
                assert_eq!((decoded.min, decoded.max), (summary.min, summary.max));
                assert!((decoded.sum - summary.sum).abs() < 1e-6);
            } else {
                assert!(
                    near(decoded.min, summary.min) && near(decoded.max, summary.max),
                    "{decoded:?} {summary:?}"
                );
                assert!(near(decoded.mean(), summary.mean()), "{decoded:?} {summary:?}");
            }
        }
    }
}

/// Random bytes that begin as a chunk does.
fn noise(dice: &mut Dice) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=dice.below(40)).map(|_| dice.bits() as u8).collect();
    bytes[0] = 0x10 | (bytes[0] & 7);
    bytes
}

#[test]
fn any_bytes_are_values_or_a_typed_error() {
    let mut dice = Dice::new(3);
    let mut understood = 0;
    for round in 0..40_000 {
        let mut bytes =
            if round % 2 == 0 { noise(&mut dice) } else { points::encode(START, &random_points(&mut dice)) };
        let bit = dice.below(bytes.len() as u32 * 8);
        bytes[bit as usize / 8] ^= 1 << (bit % 8);
        if let Ok(points) = points::decode(START, SPAN, &bytes) {
            understood += 1;
            assert!(points.is_sorted_by(|a, b| a.at < b.at) && points.iter().all(|p| p.value.is_finite()));
            assert!(points.iter().all(|point| (START..START + SPAN).contains(&point.at)));
        }
        let row = summaries::decode(START, 300, 48, &bytes);
        assert!(row.iter().flatten().all(|s| s.count > 0 && s.mean().is_finite()), "{row:?}");
    }
    assert!(understood > 1000, "{understood}");
}

#[test]
fn a_chunk_that_is_cut_anywhere_is_a_typed_error() {
    let bytes = points::encode(START, &random_points(&mut Dice::new(4)));
    for length in 0..bytes.len() {
        assert!(points::decode(START, SPAN, &bytes[..length]).is_err());
    }
}

#[test]
fn errors_name_what_is_wrong() {
    let bytes = points::encode(START, &chunk(&[1.0, 2.0], 300));
    assert_eq!(points::decode(START, SPAN, &[]), Err(DecodeError::Short));
    assert_eq!(points::decode(START, SPAN, &[0x20, 0]), Err(DecodeError::Form(0x20)));
    assert_eq!(points::decode(START, 100, &bytes), Err(DecodeError::Time));
    assert_eq!(points::decode(START, 1, &bytes), Err(DecodeError::Count(2)));
    assert_eq!(points::decode(START, SPAN, &[&bytes[..], &[0]].concat()), Err(DecodeError::Long));
}

const GOLDEN_WHOLE: &str = "100701f132c0003f900d00";
const GOLDEN_ONE: &str = "130307c0011f81c800";
const GOLDEN_XOR: &str = "170583e1bc00c2f7fd555555555555565038";
const GOLDEN_SUMMARIES: &str = "1005800182e0645ee80683cc0000";
const GOLDEN_FLOATS: &str = "17030000390dfd000000575555594d555540";
