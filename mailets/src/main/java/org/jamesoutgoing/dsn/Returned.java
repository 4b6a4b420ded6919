/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;
import org.apache.mailet.DsnParameters.Ret;

/** What of the original goes back to its sender: the third part of the report (RFC 6522 §3). */
record Returned(Extent extent, Optional<Part> part) {
    /** Told to the reader, too. */
    enum Extent {
        WHOLE,
        HEADERS,
        NOTHING
    }

    static final Returned NONE = new Returned(Extent.NOTHING, Optional.empty());

    private static final int HEADERS_ONLY = -1;

    /** Up to how many octets the original goes back whole; negative: never. */
    static int wholeUpTo(DsnKind kind, Optional<Ret> ret, ReturnLimits limits) {
        // RFC 3461 §4.3: RET is for failures, all other DSNs carry headers only.
        if (kind != DsnKind.FAILURE || ret.equals(Optional.of(Ret.HDRS))) {
            return HEADERS_ONLY;
        }
        return ret.isPresent() ? limits.full() : limits.unasked();
    }

    static Returned of(OriginalMessage original, int wholeUpTo, int headersUpTo) {
        byte[] message = original.octets();
        if (message.length > 0
                && message.length <= wholeUpTo
                && original.isComplete()
                && Octets.of(message) != Octets.BINARY) {
            return new Returned(
                    Extent.WHOLE, Optional.of(Part.verbatim("message/rfc822", "Undelivered message", message)));
        }
        byte[] header = original.header(headersUpTo);
        if (header.length > 0) {
            return new Returned(
                    Extent.HEADERS,
                    Optional.of(Part.encodable("text/rfc822-headers", "Headers of the message", header)));
        }
        return NONE;
    }
}
