//! One request and a recording make one answer.

use super::ber;
use super::message::{
    Answer, END_OF_MIB_VIEW, GEN_ERR, GET, GET_BULK, GET_NEXT, NO_SUCH_INSTANCE, NO_SUCH_NAME,
    NO_SUCH_OBJECT, NOT_WRITABLE, READ_ONLY, Request, TOO_BIG, binding_size,
};
use super::quirks::Quirks;
use super::recording::{COUNTER64, Recording, Value};

/// An answer fits one Ethernet frame, as those of small devices do.
const MOST_BYTES: usize = 1_400;

type Binding = (Vec<u32>, Value);

/// What the agent answers; `None` for a request that it does not react to.
pub(super) fn answer(recording: &Recording, quirks: &Quirks, request: &Request) -> Option<Answer> {
    match request.kind {
        GET_BULK => bulk(recording, quirks, request),
        GET | GET_NEXT if quirks.too_big_above_names.is_some_and(|most| request.names.len() > most) => {
            Some(refusal(request, TOO_BIG, 0))
        }
        GET => Some(each(request, |name| get(recording, request, name))),
        GET_NEXT => Some(each(request, |name| next(recording, quirks, request, name))),
        _ => Some(refusal(request, if request.is_v1() { READ_ONLY } else { NOT_WRITABLE }, 1)),
    }
}

/// Answers name by name. In v1 the first name without an object refuses the request; in v2c an
/// exception stands in its place.
fn each(request: &Request, find: impl Fn(&[u32]) -> Binding) -> Answer {
    let bindings: Vec<Binding> = request.names.iter().map(|name| find(name)).collect();
    let missing = bindings.iter().position(|(_, value)| is_exception(value));
    match missing {
        Some(at) if request.is_v1() => refusal(request, NO_SUCH_NAME, at as i64 + 1),
        _ if bindings.iter().map(size).sum::<usize>() > MOST_BYTES => refusal(request, TOO_BIG, 0),
        _ => Answer { bindings, ..Answer::default() },
    }
}

fn get(recording: &Recording, request: &Request, name: &[u32]) -> Binding {
    let missing = if recording.knows_object(name) { NO_SUCH_INSTANCE } else { NO_SUCH_OBJECT };
    let value = recording.get(name).filter(|value| is_visible(request, value)).cloned();
    (name.to_vec(), value.unwrap_or_else(|| exception(missing)))
}

fn next(recording: &Recording, quirks: &Quirks, request: &Request, name: &[u32]) -> Binding {
    if let Some(value) = recording.get(name).filter(|_| quirks.repeats_objects) {
        return (name.to_vec(), value.clone());
    }
    let found = recording.after(name).find(|(_, value)| is_visible(request, value));
    found.map_or_else(
        || (name.to_vec(), exception(END_OF_MIB_VIEW)),
        |(next, value)| (next.clone(), value.clone()),
    )
}

fn bulk(recording: &Recording, quirks: &Quirks, request: &Request) -> Option<Answer> {
    let asked = request.max_repetitions.max(0);
    let exceeds = |most: Option<u32>| most.is_some_and(|most| asked > i64::from(most));
    if exceeds(quirks.silent_above_repetitions) {
        return None;
    }
    if quirks.refuses_bulk {
        return Some(refusal(request, GEN_ERR, 0));
    }
    if exceeds(quirks.too_big_above_repetitions) {
        return Some(refusal(request, TOO_BIG, 0));
    }
    let once = usize::try_from(request.non_repeaters).unwrap_or(0).min(request.names.len());
    let (once, repeated) = request.names.split_at(once);
    let mut bindings: Vec<Binding> = once.iter().map(|name| next(recording, quirks, request, name)).collect();
    let mut names = repeated.to_vec();
    for _ in 0..asked {
        let row: Vec<Binding> = names.iter().map(|name| next(recording, quirks, request, name)).collect();
        names = row.iter().map(|(name, _)| name.clone()).collect();
        let is_end = row.iter().all(|(_, value)| is_exception(value));
        bindings.extend(row);
        if is_end || bindings.iter().map(size).sum::<usize>() > MOST_BYTES {
            break;
        }
    }
    Some(Answer { bindings: fitting(bindings), ..Answer::default() })
}

/// As many of the bindings as fit (RFC 3416, 4.2.3).
fn fitting(bindings: Vec<Binding>) -> Vec<Binding> {
    let mut room = MOST_BYTES;
    let fits = |binding: &Binding| {
        let left = room.checked_sub(size(binding));
        room = left.unwrap_or(0);
        left.is_some()
    };
    bindings.into_iter().take_while(fits).collect()
}

/// An error with the names of the request, as RFC 1157 wants it.
fn refusal(request: &Request, error: i64, error_index: i64) -> Answer {
    let null = || Value { tag: ber::NULL, content: Vec::new() };
    let bindings = request.names.iter().map(|name| (name.clone(), null())).collect();
    Answer { error, error_index, bindings }
}

/// v1 has no 64-bit counters: an agent passes over them (RFC 3584, 4.2.2.1).
fn is_visible(request: &Request, value: &Value) -> bool {
    !(request.is_v1() && value.tag == COUNTER64)
}

fn is_exception(value: &Value) -> bool {
    matches!(value.tag, NO_SUCH_OBJECT | NO_SUCH_INSTANCE | END_OF_MIB_VIEW)
}

fn exception(tag: u8) -> Value {
    Value { tag, content: Vec::new() }
}

fn size((name, value): &Binding) -> usize {
    binding_size(name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECTS: &str = "1.3.6.1.1.1|2|7\n1.3.6.1.1.2|70|9\n1.3.6.1.2.1|4|end\n";

    fn ask(version: i64, kind: u8, names: &[&[u32]], repetitions: i64) -> Answer {
        let names = names.iter().map(|name| name.to_vec()).collect();
        let request = Request {
            version,
            community: b"public".to_vec(),
            kind,
            id: 1,
            non_repeaters: 0,
            max_repetitions: repetitions,
            names,
        };
        answer(&Recording::parse(OBJECTS), &Quirks::default(), &request).unwrap()
    }

    fn found(answer: &Answer) -> Vec<(u32, u8)> {
        answer.bindings.iter().map(|(name, value)| (name[4], value.tag)).collect()
    }

    #[test]
    fn a_missing_object_is_an_exception_in_v2c_and_an_error_in_v1() {
        let names: [&[u32]; 3] = [&[1, 3, 6, 1, 1, 1], &[1, 3, 6, 1, 1, 9], &[1, 3, 6, 1, 9, 0]];
        let v2c = ask(1, GET, &names, 0);
        assert_eq!(found(&v2c), [(1, ber::INTEGER), (1, NO_SUCH_INSTANCE), (9, NO_SUCH_OBJECT)]);
        let v1 = ask(0, GET, &names, 0);
        assert_eq!((v1.error, v1.error_index), (NO_SUCH_NAME, 2));
    }

    #[test]
    fn v1_passes_over_64_bit_counters() {
        assert_eq!(found(&ask(0, GET_NEXT, &[&[1, 3, 6, 1, 1, 1]], 0)), [(2, ber::OCTET_STRING)]);
        assert_eq!(found(&ask(1, GET_NEXT, &[&[1, 3, 6, 1, 1, 1]], 0)), [(1, COUNTER64)]);
    }

    #[test]
    fn a_bulk_request_ends_with_the_end_of_the_view() {
        let answer = ask(1, GET_BULK, &[&[1, 3, 6]], 10);
        let tags: Vec<u8> = answer.bindings.iter().map(|(_, value)| value.tag).collect();
        assert_eq!(tags, [ber::INTEGER, COUNTER64, ber::OCTET_STRING, END_OF_MIB_VIEW]);
    }
}
