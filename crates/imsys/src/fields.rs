//! What is wrong with the fields of something that a person filled in, field by field.

use imsys_domain::text::{line, lines};
use serde::Serialize;
use utoipa::ToSchema;

/// An error in one field of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Its name in the body; of a nested one with dots.
    pub field: String,
    /// For people.
    pub message: String,
}

impl FieldError {
    fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Fields that do not fit; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// One field does not fit.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![FieldError::new(field, message)])
    }
}

/// Collects what is wrong with the fields of a body, so that a person sees all of it at once.
#[derive(Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// The value, or `None` with its error noted.
    pub fn check<T>(&mut self, field: &str, value: Result<T, impl std::fmt::Display>) -> Option<T> {
        value.inspect_err(|error| self.refuse(field, error.to_string())).ok()
    }

    /// A one-line text of 1 to `most` characters; empty with its error noted.
    pub fn line(&mut self, field: &str, text: &str, most: usize) -> String {
        self.check(field, line(text, most)).unwrap_or_default()
    }

    /// The same where nothing may be given: `null` and white space are nothing.
    pub fn line_or_none(&mut self, field: &str, text: Option<&str>, most: usize) -> Option<String> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.check(field, line(text, most))
    }

    /// A text of several lines, where nothing may be given.
    pub fn lines_or_none(&mut self, field: &str, text: Option<&str>, most: usize) -> Option<String> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.check(field, lines(text, most))
    }

    /// Notes an error.
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// Refuses when anything was noted.
    pub fn done(self) -> Result<(), Invalid> {
        if self.0.is_empty() { Ok(()) } else { Err(Invalid(self.0)) }
    }
}
