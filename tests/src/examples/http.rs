//! A client for HTTP/1.1 that trusts nothing: it reads exactly what is announced.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A kept connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    port: u16,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a timeout can be set");
        let stream = BufReader::new(stream);
        Client { stream, port }
    }

    pub(crate) fn send(&mut self, request: &[u8]) {
        self.stream
            .get_mut()
            .write_all(request)
            .expect("the server reads");
    }

    /// A request without body. `headers` are complete lines.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        let host = format!("Host: 127.0.0.1:{}\r\n", self.port);
        let request = format!("{method} {path} HTTP/1.1\r\n{host}{headers}\r\n");
        self.send(request.as_bytes());
        self.answer(method != "HEAD")
            .unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    pub(crate) fn answer(&mut self, has_body: bool) -> Result<Answer, String> {
        let status = self.line()?;
        let code = status
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3));
        let code = code.and_then(|code| code.parse().ok());
        let status = code.ok_or_else(|| format!("{status:?} is no status line"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(": ")
                .ok_or(format!("{line:?} is no header"))?;
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(Ok(0), str::parse::<usize>);
        if has_body && status != 304 {
            answer.body = vec![0; length.map_err(|e| e.to_string())?];
            self.stream
                .read_exact(&mut answer.body)
                .map_err(|e| e.to_string())?;
        }
        Ok(answer)
    }

    /// Whether the server has closed the connection, with nothing more sent.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.stream.read(&mut [0]).is_ok_and(|n| n == 0)
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.stream
            .read_line(&mut line)
            .map_err(|e| e.to_string())?;
        let line = line
            .strip_suffix("\r\n")
            .ok_or(format!("{line:?} does not end"))?;
        Ok(line.to_owned())
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name)?;
        Some(&found.1)
    }

    /// The body without its content coding.
    pub(crate) fn content(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            None => self.body.clone(),
            Some("gzip") => {
                let mut content = Vec::new();
                let mut gzip = flate2::read::MultiGzDecoder::new(self.body.as_slice());
                gzip.read_to_end(&mut content).expect("it is gzip");
                content
            }
            Some(other) => panic!("nobody asked for {other}"),
        }
    }
}
