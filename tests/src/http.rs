//! A small HTTP/1.1 client for tests: one kept-alive connection, bodies by `Content-Length`.
//!
//! It judges servers, so it is strict: anything that it does not expect is an error with words.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Header fields, names in lower case.
    pub fields: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A connection to a server.
pub struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    /// Connects to `address:port`.
    ///
    /// # Errors
    /// What the system says.
    pub fn connect(host: &str) -> std::io::Result<Client> {
        let stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream: BufReader::new(stream),
            host: host.to_owned(),
        })
    }

    /// Sends a request and reads its answer. `fields` are complete lines.
    ///
    /// # Errors
    /// When the connection ends or what comes is no answer.
    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        fields: &str,
        body: &[u8],
    ) -> Result<Reply, String> {
        let length = match body.len() {
            0 => String::new(),
            n => format!("Content-Length: {n}\r\n"),
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{fields}{length}\r\n",
            self.host
        );
        let message = [head.as_bytes(), body].concat();
        self.stream
            .get_mut()
            .write_all(&message)
            .map_err(|e| format!("sending: {e}"))?;
        self.reply(method == "HEAD")
    }

    /// Sends bytes as they are and reads an answer.
    ///
    /// # Errors
    /// As for [`Client::request`].
    pub fn raw(&mut self, message: &[u8]) -> Result<Reply, String> {
        self.stream
            .get_mut()
            .write_all(message)
            .map_err(|e| format!("sending: {e}"))?;
        self.reply(false)
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let read = self
            .stream
            .read_line(&mut line)
            .map_err(|e| format!("receiving: {e}"))?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None if read == 0 => Err("the connection was closed".into()),
            None => Err(format!("a line without its end: {line:?}")),
        }
    }

    fn reply(&mut self, is_head: bool) -> Result<Reply, String> {
        let first = self.line()?;
        let status = first
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| format!("no status line: {first:?}"))?;
        let mut fields = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("no header field: {line:?}"))?;
            fields.push((name.to_lowercase(), value.to_owned()));
        }
        let mut reply = Reply {
            status,
            fields,
            body: Vec::new(),
        };
        let length = reply.field("content-length").map(str::parse::<usize>);
        let length = length
            .transpose()
            .map_err(|e| format!("Content-Length: {e}"))?;
        if !is_head && let Some(length) = length {
            reply.body = vec![0; length];
            self.stream
                .read_exact(&mut reply.body)
                .map_err(|e| format!("a body cut off: {e}"))?;
        }
        Ok(reply)
    }
}
