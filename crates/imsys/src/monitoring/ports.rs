//! What ports are measured at.

use imsys_doctor::builtin::profiles::PortRates;

/// A figure of a port. The index of its series is ifIndex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    BitsIn,
    BitsOut,
    ErrorsIn,
    ErrorsOut,
}

impl Figure {
    pub(crate) const ALL: [Self; 4] = [Self::BitsIn, Self::BitsOut, Self::ErrorsIn, Self::ErrorsOut];

    /// The class of its series.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::BitsIn => "port-in",
            Self::BitsOut => "port-out",
            Self::ErrorsIn => "port-errors-in",
            Self::ErrorsOut => "port-errors-out",
        }
    }

    /// The unit of the figure with this class.
    pub(crate) fn unit(class: &str) -> Option<&'static str> {
        let figure = Self::ALL.into_iter().find(|figure| figure.class() == class)?;
        Some(match figure {
            Self::BitsIn | Self::BitsOut => "bit/s",
            Self::ErrorsIn | Self::ErrorsOut => "1/s",
        })
    }

    /// Its value, where it is known.
    pub(crate) const fn of(self, rates: &PortRates) -> Option<f64> {
        match self {
            Self::BitsIn => rates.bits_in,
            Self::BitsOut => rates.bits_out,
            Self::ErrorsIn => rates.errors_in,
            Self::ErrorsOut => rates.errors_out,
        }
    }
}
