/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A port on loopback that refuses connections: bound, so that nobody else gets it, but not listening. */
public final class ClosedPort implements AutoCloseable {

    private final SocketChannel bound = SocketChannel.open();

    public ClosedPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public SmtpHost host(String name) {
        return new SmtpHost(name, bound.socket().getLocalPort(), List.of(InetAddress.getLoopbackAddress()));
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
