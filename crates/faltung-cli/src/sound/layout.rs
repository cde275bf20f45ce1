//! Which channel of a response leads from which channel of a signal to which of the result.
//!
//! | signal | response | result |
//! |---|---|---|
//! | 1 | n | n: each response of the one signal |
//! | n | 1 | n: each channel by the one response |
//! | n | n | n: in pairs |
//! | 2 | 4 | 2: true stereo, the responses being LL LR RL RR, from left to left, from left to right and so on |

/// What meets what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One signal, so many responses.
    Spread(usize),
    /// So many channels, and one response for all.
    Shared(usize),
    /// So many channels, each with its own response.
    Pairs(usize),
    /// LL LR RL RR.
    TrueStereo,
}

/// What is said where none fits.
pub(crate) const LAYOUTS: &str = "known are one response channel for all, as many as the signal has, any number for a mono signal, \
                                  and true stereo (a stereo signal and 4: LL LR RL RR)";

impl Layout {
    /// For a signal and a response of so many channels.
    pub(crate) fn of(signal: usize, response: usize) -> Option<Layout> {
        match (signal, response) {
            (1, _) => Some(Layout::Spread(response)),
            (_, 1) => Some(Layout::Shared(signal)),
            (2, 4) => Some(Layout::TrueStereo),
            _ if signal == response => Some(Layout::Pairs(signal)),
            _ => None,
        }
    }

    /// Channels of the result.
    pub(crate) fn outputs(self) -> usize {
        match self {
            Layout::Spread(channels) | Layout::Shared(channels) | Layout::Pairs(channels) => channels,
            Layout::TrueStereo => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_go_by_the_channels() {
        let outputs = |signal, response| Layout::of(signal, response).map(Layout::outputs);
        assert_eq!((outputs(1, 1), outputs(1, 2), outputs(1, 4)), (Some(1), Some(2), Some(4)));
        assert_eq!((outputs(2, 1), outputs(2, 2), outputs(6, 6)), (Some(2), Some(2), Some(6)));
        assert_eq!(Layout::of(2, 4), Some(Layout::TrueStereo));
        assert_eq!((outputs(2, 3), outputs(4, 2), outputs(6, 4)), (None, None, None));
    }
}
