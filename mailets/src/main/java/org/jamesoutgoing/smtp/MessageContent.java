/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The message as its source holds it: header and body, with whatever line ends it has. The client makes it fit for the wire
 * while it reads (see {@code ContentNormaliser}). {@link #open()} and {@link #asSevenBit()} may block: they run on the
 * client's content executor. All methods may be called more than once (a mail may need several transactions), never at the
 * same time for the same delivery.
 */
public interface MessageContent {

    /** An estimate in octets after line ends have become CRLF, for {@code SIZE=} (RFC 1870 §5); -1: unknown. */
    long size();

    /** Whether there is an octet above 127 in header or body: needs 8BITMIME (RFC 6152). */
    boolean eightBit();

    /** The message from its first octet; closed by the client. */
    InputStream open() throws IOException;

    /** The same message with 7-bit transfer encodings, for a host without 8BITMIME; empty: it cannot be converted. */
    default Optional<MessageContent> asSevenBit() throws IOException {
        return Optional.empty();
    }
}
