//! Graphs.

use imsys_domain::Timestamp;

/// The name of a graph, as the doctor gave it in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GraphName(pub String);

/// A graph in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphEntry {
    /// By which it is asked for.
    pub name: GraphName,
    /// What to call it on screen; safe to show.
    pub title: String,
}

/// Which graph is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphQuery {
    /// Which.
    pub name: GraphName,
    /// Its left end.
    pub from: Timestamp,
    /// Its right end.
    pub to: Timestamp,
    /// In pixels; how fine numbers are follows from it.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// How it is to be drawn, by a doctor that draws.
    pub picture: Picture,
}

/// What a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// `image/png`.
    Png,
    /// `image/svg+xml`. It is somebody else's text: show it in an `<img>`, never inline.
    Svg,
}

impl Picture {
    /// Its content type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// A graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Graph {
    /// Drawn.
    Picture {
        /// What the bytes are; their beginning was looked at.
        kind: Picture,
        /// The picture.
        bytes: Vec<u8>,
    },
    /// To be drawn.
    Lines(Vec<Line>),
}

/// A line of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What to call it; safe to show.
    pub name: String,
    /// The unit of its values.
    pub unit: &'static str,
    /// Its points in the order of time. Where there is no data there is no point.
    pub points: Vec<(Timestamp, f64)>,
}
