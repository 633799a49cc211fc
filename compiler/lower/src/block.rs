//! Blocks of a function while it is being built.
//!
//! A block is made before it is known where it will stand, and *placed* when code for it begins.
//! Blocks are numbered in the order of placing at the end, and nothing is placed after something
//! that it jumps to but a loop's body after its header, so only back-edges lead to lower numbers.

use em_ir::{Block, BlockId, Handler, Inst, Local, Term};

/// A block that is being built, by the order in which blocks are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label(usize);

struct Draft {
    handler: Option<(Label, Local)>,
    insts: Vec<Inst>,
    lines: Vec<u32>,
    /// Targets are labels in the guise of block ids until [`Blocks::finish`].
    term: Option<Term>,
}

/// All blocks of a function.
pub(crate) struct Blocks {
    drafts: Vec<Draft>,
    order: Vec<Label>,
    /// Handler of blocks that are placed from here on.
    pub(crate) handler: Option<(Label, Local)>,
    /// Source line of what is emitted.
    pub(crate) line: u32,
}

impl Blocks {
    /// One placed block: the entry.
    pub(crate) fn new() -> Blocks {
        let mut blocks = Blocks {
            drafts: Vec::new(),
            order: Vec::new(),
            handler: None,
            line: 0,
        };
        let entry = blocks.label();
        blocks.place(entry);
        blocks
    }

    pub(crate) fn label(&mut self) -> Label {
        let (insts, lines) = (Vec::new(), Vec::new());
        self.drafts.push(Draft {
            handler: None,
            insts,
            lines,
            term: None,
        });
        Label(self.drafts.len() - 1)
    }

    /// Emits into this block from now on.
    pub(crate) fn place(&mut self, label: Label) {
        debug_assert!(!self.order.contains(&label), "a block is placed once");
        self.drafts[label.0].handler = self.handler;
        self.order.push(label);
    }

    pub(crate) fn emit(&mut self, inst: Inst) {
        let line = self.line;
        let draft = self.current();
        draft.insts.push(inst);
        draft.lines.push(line);
    }

    /// Whether the current block has ended, so that what follows is unreachable.
    pub(crate) fn ended(&mut self) -> bool {
        self.current().term.is_some()
    }

    pub(crate) fn jump(&mut self, to: Label) {
        self.end(Term::Jump(id(to)));
    }

    pub(crate) fn branch(&mut self, condition: Local, yes: Label, no: Label) {
        self.end(Term::Branch(condition, id(yes), id(no)));
    }

    /// Ends the current block; does nothing if it has ended already.
    pub(crate) fn end(&mut self, term: Term) {
        let line = self.line;
        let draft = self.current();
        if draft.term.is_none() {
            draft.term = Some(term);
            draft.lines.push(line);
        }
    }

    /// Ends the current block and goes on in a fresh one.
    pub(crate) fn split(&mut self, handler: Option<(Label, Local)>) {
        let next = self.label();
        self.jump(next);
        self.handler = handler;
        self.place(next);
    }

    /// Goes on in a block that nothing jumps to.
    pub(crate) fn unreachable(&mut self) {
        let next = self.label();
        self.place(next);
    }

    fn current(&mut self) -> &mut Draft {
        let label = self
            .order
            .last()
            .expect("invariant: the entry is placed first");
        &mut self.drafts[label.0]
    }

    /// The blocks that can be reached, numbered in the order of placing.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        let reached = self.reached();
        let mut numbers = vec![BlockId(0); self.drafts.len()];
        let kept: Vec<Label> = self
            .order
            .iter()
            .copied()
            .filter(|l| reached[l.0])
            .collect();
        for (number, label) in kept.iter().enumerate() {
            numbers[label.0] = BlockId(number as u32);
        }
        let number = |target: BlockId| numbers[target.index()];
        let finished = kept.iter().map(|label| {
            let draft = &mut self.drafts[label.0];
            let term = draft
                .term
                .take()
                .expect("invariant: reached blocks have ended");
            Block {
                handler: draft.handler.map(|(l, local)| Handler {
                    block: numbers[l.0],
                    local,
                }),
                insts: std::mem::take(&mut draft.insts),
                lines: std::mem::take(&mut draft.lines),
                term: match term {
                    Term::Jump(to) => Term::Jump(number(to)),
                    Term::Branch(c, yes, no) => Term::Branch(c, number(yes), number(no)),
                    term => term,
                },
            }
        });
        finished.collect()
    }

    fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.drafts.len()];
        let mut todo = vec![self.order[0]];
        while let Some(label) = todo.pop() {
            if std::mem::replace(&mut reached[label.0], true) {
                continue;
            }
            let draft = &self.drafts[label.0];
            todo.extend(draft.handler.map(|(handler, _)| handler));
            match &draft.term {
                Some(Term::Jump(to)) => todo.push(Label(to.index())),
                Some(Term::Branch(_, yes, no)) => {
                    todo.extend([Label(yes.index()), Label(no.index())]);
                }
                Some(Term::Return(_) | Term::Throw(_)) | None => {}
            }
        }
        reached
    }
}

fn id(label: Label) -> BlockId {
    BlockId(label.0 as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_numbered_as_placed_and_unreached_ones_go() {
        let mut blocks = Blocks::new();
        let (late, early, never) = (blocks.label(), blocks.label(), blocks.label());
        blocks.jump(early);
        blocks.place(never);
        blocks.end(Term::Return(None));
        blocks.place(early);
        blocks.jump(late);
        blocks.place(late);
        blocks.end(Term::Return(None));
        let finished = blocks.finish();
        assert_eq!(finished.len(), 3);
        assert_eq!(finished[0].term, Term::Jump(BlockId(1)));
        assert_eq!(finished[1].term, Term::Jump(BlockId(2)));
    }
}
