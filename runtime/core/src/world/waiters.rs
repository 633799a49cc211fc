//! Who waits for one thing inside a world.
//!
//! Waking is never counted: all who wait look again, so a wake-up can't be lost when its receiver
//! has given up meanwhile.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Those who wait, in the order in which they came.
#[derive(Default)]
pub(crate) struct Waiters {
    next: Cell<u64>,
    waiting: RefCell<Vec<(u64, Waker)>>,
}

/// A place among the waiters, given up when dropped.
struct Place<'a> {
    waiters: &'a Waiters,
    number: u64,
}

impl Waiters {
    /// Lets all who wait look again.
    pub(crate) fn wake_all(&self) {
        let waiting = self.waiting.take();
        for (_, waker) in waiting {
            waker.wake();
        }
    }

    /// Waits until `ready` gives something; asks at once and after each wake-up.
    pub(crate) async fn until<T>(&self, mut ready: impl FnMut() -> Option<T>) -> T {
        let number = self.next.get();
        self.next.set(number + 1);
        let place = Place {
            waiters: self,
            number,
        };
        poll_fn(|cx| match ready() {
            Some(result) => Poll::Ready(result),
            None => {
                place.keep(cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    /// How many wait.
    #[cfg(test)]
    fn count(&self) -> usize {
        self.waiting.borrow().len()
    }
}

impl Place<'_> {
    fn keep(&self, waker: &Waker) {
        let mut waiting = self.waiters.waiting.borrow_mut();
        match waiting
            .iter_mut()
            .find(|(number, _)| *number == self.number)
        {
            Some((_, known)) => known.clone_from(waker),
            None => waiting.push((self.number, waker.clone())),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.waiters.waiting.borrow_mut();
        waiting.retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::Context;

    #[test]
    fn waiting_ends_when_there_is_a_result_and_leaves_nothing_behind() {
        let waiters = Waiters::default();
        let value = Cell::new(None);
        let mut cx = Context::from_waker(Waker::noop());
        {
            let mut first = pin!(waiters.until(|| value.get()));
            let mut second = Box::pin(waiters.until(|| value.get()));
            assert!(first.as_mut().poll(&mut cx).is_pending());
            assert!(first.as_mut().poll(&mut cx).is_pending());
            assert!(second.as_mut().poll(&mut cx).is_pending());
            assert_eq!(waiters.count(), 2);
            drop(second);
            assert_eq!(waiters.count(), 1);
            value.set(Some(7));
            waiters.wake_all();
            assert_eq!(first.as_mut().poll(&mut cx), Poll::Ready(7));
        }
        assert_eq!(waiters.count(), 0);
    }
}
