//! Webs: the values of a local that may be read at one place.
//!
//! A program that assigns to a parameter (`word = clone word`) uses one local for two things that
//! have nothing to do with each other; a web is one of them.

use super::flow::is_data;
use crate::function::Function;
use crate::ty::{BlockId, Local};
use std::collections::HashMap;

/// Blocks times locals of one function; above, each local is one web.
const WORK: usize = 1 << 20;

pub(super) struct Webs {
    parent: Vec<u32>,
    /// Numbers of the locals that are told apart.
    numbers: HashMap<Local, usize>,
    /// Writes of each block, in order: position, local, web.
    writes: Vec<Vec<(usize, Local, u32)>>,
    /// Local and block that receive the exceptions of a block.
    handlers: Vec<Option<(BlockId, Local)>>,
    coarse: bool,
}

impl Webs {
    pub(super) fn new(function: &Function) -> Webs {
        let data = function.locals.iter().enumerate();
        let numbers: HashMap<Local, usize> = data
            .filter(|(_, ty)| is_data(ty))
            .enumerate()
            .map(|(number, (local, _))| (Local(local as u32), number))
            .collect();
        let coarse = numbers.len().saturating_mul(function.blocks.len()) > WORK;
        let entries = if coarse {
            numbers.len()
        } else {
            numbers.len() * function.blocks.len()
        };
        let handler = |block: &crate::function::Block| block.handler.map(|h| (h.block, h.local));
        let mut webs = Webs {
            parent: (0..entries as u32).collect(),
            numbers,
            writes: vec![Vec::new(); function.blocks.len()],
            handlers: function.blocks.iter().map(handler).collect(),
            coarse,
        };
        if !coarse {
            for index in 0..function.blocks.len() {
                webs.block(function, index);
            }
        }
        webs
    }

    /// The web that is read at a position of a block.
    pub(super) fn read(&self, block: usize, at: usize, local: Local) -> u32 {
        let earlier = |write: &&(usize, Local, u32)| write.0 < at && write.1 == local;
        match self.writes[block].iter().rev().find(earlier) {
            Some((_, _, web)) => self.find(*web),
            None => self.find(self.entry(block, local)),
        }
    }

    /// The web that the instruction at a position writes.
    pub(super) fn written(&self, block: usize, at: usize, local: Local) -> u32 {
        let this = |write: &&(usize, Local, u32)| write.0 == at && write.1 == local;
        match self.writes[block].iter().find(this) {
            Some((_, _, web)) => self.find(*web),
            None => self.find(self.entry(block, local)),
        }
    }

    /// The web that receives the exceptions of a block with a handler.
    pub(super) fn handled(&self, block: usize) -> u32 {
        match self.handlers[block] {
            Some((handler, local)) => self.find(self.entry(handler.index(), local)),
            None => 0,
        }
    }

    /// Whether a web has the value that a parameter came with.
    pub(super) fn is_param(&self, web: u32, param: Local) -> bool {
        self.find(web) == self.find(self.entry(0, param))
    }

    fn entry(&self, block: usize, local: Local) -> u32 {
        let number = self.numbers.get(&local).copied().unwrap_or(0);
        match self.coarse {
            true => number as u32,
            false => (block * self.numbers.len() + number) as u32,
        }
    }

    fn find(&self, mut web: u32) -> u32 {
        while self.parent[web as usize] != web {
            web = self.parent[web as usize];
        }
        web
    }

    fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        // The lower number stays, so that paths are short: entries come before writes.
        self.parent[a.max(b) as usize] = a.min(b);
    }

    fn block(&mut self, function: &Function, index: usize) {
        let block = &function.blocks[index];
        let locals: Vec<Local> = self.numbers.keys().copied().collect();
        let mut current: HashMap<Local, u32> = locals
            .iter()
            .map(|local| (*local, self.entry(index, *local)))
            .collect();
        if let Some(handler) = block.handler {
            for local in locals.iter().filter(|local| **local != handler.local) {
                let to = self.entry(handler.block.index(), *local);
                self.union(to, current[local]);
            }
        }
        for (at, inst) in block.insts.iter().enumerate() {
            let Some(local) = inst
                .defined()
                .filter(|local| self.numbers.contains_key(local))
            else {
                continue;
            };
            let web = self.parent.len() as u32;
            self.parent.push(web);
            self.writes[index].push((at, local, web));
            current.insert(local, web);
            if let Some(handler) = block.handler
                && local != handler.local
            {
                let to = self.entry(handler.block.index(), local);
                self.union(to, web);
            }
        }
        for to in block.term.targets() {
            for local in &locals {
                let entry = self.entry(to.index(), *local);
                self.union(entry, current[local]);
            }
        }
    }
}
