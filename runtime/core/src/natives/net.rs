//! `host.Net`: TCP.

use super::{attempt, done, is_null, resource};
use crate::native::{Call, NativeFault, NativeFn, NativeModule, NativeTy, Outcome, Value};
use crate::world::{Connection, Listener, Reply};
use std::rc::Rc;

const RESOURCE: NativeTy = NativeTy::Resource;
const TEXT: NativeTy = NativeTy::Text;
const INT: NativeTy = NativeTy::Int;

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Net",
    functions: &[
        NativeFn {
            name: "listen",
            params: &[TEXT, INT],
            ret: Some(RESOURCE),
            run: listen,
        },
        NativeFn {
            name: "port",
            params: &[RESOURCE],
            ret: Some(INT),
            run: port,
        },
        NativeFn {
            name: "accept",
            params: &[RESOURCE],
            ret: Some(RESOURCE),
            run: accept,
        },
        NativeFn {
            name: "connect",
            params: &[TEXT, INT, INT],
            ret: Some(RESOURCE),
            run: connect,
        },
        NativeFn {
            name: "recv",
            params: &[RESOURCE, INT],
            ret: Some(TEXT),
            run: recv,
        },
        NativeFn {
            name: "send",
            params: &[RESOURCE, TEXT],
            ret: Some(INT),
            run: send,
        },
        NativeFn {
            name: "setSendBuffer",
            params: &[RESOURCE, INT],
            ret: None,
            run: send_buffer,
        },
        NativeFn {
            name: "setReceiveBuffer",
            params: &[RESOURCE, INT],
            ret: None,
            run: receive_buffer,
        },
        NativeFn {
            name: "peer",
            params: &[RESOURCE],
            ret: Some(TEXT),
            run: peer,
        },
        NativeFn {
            name: "close",
            params: &[RESOURCE],
            ret: None,
            run: close,
        },
    ],
};

/// What a resource of this interface is.
enum Socket {
    /// A listener, with the "address:port" that it was asked for or given.
    Listening(Rc<dyn Listener>, String),
    Connected(Rc<dyn Connection>),
}

fn socket(call: &Call<'_>) -> Result<Rc<Socket>, NativeFault> {
    call.resource(0, "a socket")
}

fn listener(call: &Call<'_>) -> Result<(Rc<dyn Listener>, String), NativeFault> {
    match &*socket(call)? {
        Socket::Listening(listener, name) => Ok((Rc::clone(listener), name.clone())),
        Socket::Connected(_) => Err(NativeFault::io(
            "the socket is a connection, not a listener",
        )),
    }
}

fn connection(call: &Call<'_>) -> Result<Rc<dyn Connection>, NativeFault> {
    match &*socket(call)? {
        Socket::Connected(connection) => Ok(Rc::clone(connection)),
        Socket::Listening(..) => Err(NativeFault::io(
            "the socket is a listener, not a connection",
        )),
    }
}

/// An address and a port from arguments, and both as messages name them.
fn endpoint(call: &Call<'_>, what: &str) -> Result<(String, u16, String), NativeFault> {
    let address = String::from_utf8_lossy(call.bytes(0)?).into_owned();
    let asked = call.int(1)?;
    let name = if address.contains(':') {
        format!("[{address}]:{asked}")
    } else {
        format!("{address}:{asked}")
    };
    let port = u16::try_from(asked).map_err(|_| {
        NativeFault::io(format!(
            "cannot {what} {name}: a port is a number from 0 to 65535"
        ))
    })?;
    Ok((address, port, name))
}

fn listen(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let (address, port, name) = endpoint(call, "listen on")?;
        Ok(call
            .world
            .network()
            .listen(&address, port)
            .outcome(move |listener| match listener {
                Ok(listener) => Ok(resource(Socket::Listening(listener, name))),
                Err(reason) => Err(NativeFault::io(format!(
                    "cannot listen on {name}: {reason}"
                ))),
            }))
    })
}

fn port(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Int(i64::from(listener(call)?.0.port()))))
}

fn accept(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let (listener, name) = listener(call)?;
        Ok(listener
            .accept()
            .outcome(move |connection| match connection {
                Ok(connection) => Ok(resource(Socket::Connected(connection))),
                Err(reason) => Err(NativeFault::io(format!(
                    "cannot accept a connection on {name}: {reason}"
                ))),
            }))
    })
}

fn connect(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let (address, port, name) = endpoint(call, "connect to")?;
        let receive_buffer = usize::try_from(call.int(2)?).unwrap_or(0);
        let wait = call.world.network().connect(&address, port, receive_buffer);
        Ok(
            Reply::Later(wait).outcome(move |connection| match connection {
                Ok(connection) => Ok(resource(Socket::Connected(connection))),
                Err(reason) => Err(NativeFault::io(format!(
                    "cannot connect to {name}: {reason}"
                ))),
            }),
        )
    })
}

fn recv(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let connection = connection(call)?;
        let asked = call.int(1)?;
        let max = usize::try_from(asked)
            .map_err(|_| NativeFault::io(format!("cannot receive {asked} bytes")))?;
        let reply = Rc::clone(&connection).recv(max);
        Ok(reply.outcome(move |received| {
            received.map(Value::Bytes).map_err(|reason| {
                NativeFault::io(format!(
                    "cannot receive from {}: {reason}",
                    connection.peer()
                ))
            })
        }))
    })
}

fn send(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let connection = connection(call)?;
        let data = call.bytes(1)?;
        let length = Value::Int(data.len() as i64);
        let reply = Rc::clone(&connection).send(data);
        Ok(reply.outcome(move |sent| match sent {
            Ok(()) => Ok(length),
            Err(reason) => Err(NativeFault::io(format!(
                "cannot send to {}: {reason}",
                connection.peer()
            ))),
        }))
    })
}

/// A buffer's size from the second argument.
fn buffer_bytes(call: &Call<'_>) -> Result<usize, NativeFault> {
    let asked = call.int(1)?;
    match usize::try_from(asked) {
        Ok(bytes) if bytes > 0 => Ok(bytes),
        _ => Err(NativeFault::io(format!(
            "a buffer can't have {asked} bytes"
        ))),
    }
}

fn send_buffer(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let (connection, bytes) = (connection(call)?, buffer_bytes(call)?);
        connection.set_send_buffer(bytes).map_err(|reason| {
            let peer = connection.peer();
            NativeFault::io(format!(
                "cannot set the send buffer towards {peer}: {reason}"
            ))
        })?;
        Ok(Value::Unit)
    })
}

fn receive_buffer(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let (connection, bytes) = (connection(call)?, buffer_bytes(call)?);
        connection.set_receive_buffer(bytes).map_err(|reason| {
            let peer = connection.peer();
            NativeFault::io(format!(
                "cannot set the receive buffer from {peer}: {reason}"
            ))
        })?;
        Ok(Value::Unit)
    })
}

fn peer(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Bytes(connection(call)?.peer().as_bytes().to_vec())))
}

fn close(call: &mut Call<'_>) -> Outcome {
    done(|| {
        if is_null(call) {
            return Ok(Value::Unit);
        }
        match &*socket(call)? {
            Socket::Listening(listener, _) => listener.close(),
            Socket::Connected(connection) => connection.close(),
        }
        Ok(Value::Unit)
    })
}
