//! Money: minor units and a currency, never a float.

use serde::{Deserialize, Serialize};

/// An amount such as `{ "minor": 250000, "currency": "KES" }`, which is 2,500.00 Kenyan shillings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The amount in the currency's minor unit (cents).
    pub minor: i64,
    /// The ISO 4217 code in capitals.
    pub currency: String,
}

/// Why an amount was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The currency is not three capital letters.
    #[error("the currency must be an ISO 4217 code of three capital letters, such as KES")]
    Currency,
    /// A price below zero.
    #[error("the amount must not be negative")]
    Negative,
}

impl Money {
    /// Checks that this can be a price: not negative, and in a currency that can exist.
    pub fn check_price(&self) -> Result<(), MoneyError> {
        let three_capitals =
            self.currency.len() == 3 && self.currency.bytes().all(|b| b.is_ascii_uppercase());
        match (three_capitals, self.minor) {
            (false, _) => Err(MoneyError::Currency),
            (true, ..=-1) => Err(MoneyError::Negative),
            (true, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_needs_a_real_looking_currency_and_no_sign() {
        let price = |minor, currency: &str| Money { minor, currency: currency.into() }.check_price();
        assert_eq!(price(250_000, "KES"), Ok(()));
        assert_eq!(price(1, "kes"), Err(MoneyError::Currency));
        assert_eq!(price(-1, "KES"), Err(MoneyError::Negative));
    }
}
