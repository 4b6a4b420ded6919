/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.util.List;

/** A real mail server of another make, on 127.0.0.1, that takes mail for any address and keeps it. */
public interface PeerServer extends AutoCloseable {

    int port();

    /**
     * What was delivered to this recipient, one char for each octet: the server's own header fields first, lines end with LF.
     */
    List<String> mailsTo(String recipient) throws IOException;

    /** What the server wrote so far, for a failed test's message above all. */
    String log();

    /** Stops it at once and removes all it wrote. */
    @Override
    void close() throws IOException;
}
