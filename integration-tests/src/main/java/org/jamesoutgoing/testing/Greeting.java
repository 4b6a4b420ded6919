/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;

/** Whether a peer that was started is up: it greets. */
final class Greeting {

    private Greeting() {}

    static void await(String address, int port) throws IOException {
        Instant deadline = Instant.now().plus(Patience.LIMIT);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
                socket.setSoTimeout(2000);
                if (socket.getInputStream().read() == '2') {
                    return;
                }
                throw new IOException("no greeting");
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Pause.millis(50);
            }
        }
    }
}
