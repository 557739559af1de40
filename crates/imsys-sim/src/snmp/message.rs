//! Requests in, responses out, as bytes.

use super::ber::{self, Reader};
use super::recording::Value;

pub(super) const GET: u8 = 0xA0;
pub(super) const GET_NEXT: u8 = 0xA1;
const RESPONSE: u8 = 0xA2;
pub(super) const SET: u8 = 0xA3;
pub(super) const GET_BULK: u8 = 0xA5;

pub(super) const TOO_BIG: i64 = 1;
pub(super) const NO_SUCH_NAME: i64 = 2;
pub(super) const READ_ONLY: i64 = 4;
pub(super) const GEN_ERR: i64 = 5;
pub(super) const NOT_WRITABLE: i64 = 17;

pub(super) const NO_SUCH_OBJECT: u8 = 0x80;
pub(super) const NO_SUCH_INSTANCE: u8 = 0x81;
pub(super) const END_OF_MIB_VIEW: u8 = 0x82;

/// A community request of version 1 (0) or 2c (1).
#[derive(Debug)]
pub(super) struct Request {
    pub(super) version: i64,
    pub(super) community: Vec<u8>,
    pub(super) kind: u8,
    pub(super) id: i64,
    /// Non-repeaters of a GETBULK.
    pub(super) non_repeaters: i64,
    /// Max-repetitions of a GETBULK.
    pub(super) max_repetitions: i64,
    pub(super) names: Vec<Vec<u32>>,
}

/// What an agent answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) error: i64,
    /// 1 for the first name of the request; 0 without an error or for all.
    pub(super) error_index: i64,
    pub(super) bindings: Vec<(Vec<u32>, Value)>,
}

impl Request {
    pub(super) fn is_v1(&self) -> bool {
        self.version == 0
    }

    /// `None` for what is no v1 or v2c request.
    pub(super) fn parse(datagram: &[u8]) -> Option<Self> {
        let mut message = Reader::new(Reader::new(datagram).tagged(ber::SEQUENCE)?);
        let version = message.integer().filter(|version| (0..=1).contains(version))?;
        let community = message.tagged(ber::OCTET_STRING)?.to_vec();
        let (kind, pdu) = message.element()?;
        if ![GET, GET_NEXT, SET, GET_BULK].contains(&kind) || kind == GET_BULK && version == 0 {
            return None;
        }
        let mut pdu = Reader::new(pdu);
        let (id, non_repeaters, max_repetitions) = (pdu.integer()?, pdu.integer()?, pdu.integer()?);
        let mut list = Reader::new(pdu.tagged(ber::SEQUENCE)?);
        let mut names = Vec::new();
        while !list.is_empty() {
            names.push(Reader::new(list.tagged(ber::SEQUENCE)?).object_identifier()?);
        }
        Some(Self { version, community, kind, id, non_repeaters, max_repetitions, names })
    }

    /// The response to this request as a datagram.
    pub(super) fn respond(&self, answer: &Answer) -> Vec<u8> {
        let bindings: Vec<u8> =
            answer.bindings.iter().flat_map(|(name, value)| binding(name, value)).collect();
        let pdu = [
            ber::integer(self.id),
            ber::integer(answer.error),
            ber::integer(answer.error_index),
            ber::element(ber::SEQUENCE, &bindings),
        ];
        let message = [
            ber::integer(self.version),
            ber::element(ber::OCTET_STRING, &self.community),
            ber::element(RESPONSE, &pdu.concat()),
        ];
        ber::element(ber::SEQUENCE, &message.concat())
    }
}

fn binding(name: &[u32], value: &Value) -> Vec<u8> {
    let name = ber::element(ber::OBJECT_IDENTIFIER, &ber::object_identifier_content(name));
    ber::element(ber::SEQUENCE, &[name, ber::element(value.tag, &value.content)].concat())
}

/// The bytes that one binding takes in a response.
pub(super) fn binding_size(name: &[u32], value: &Value) -> usize {
    binding(name, value).len()
}
