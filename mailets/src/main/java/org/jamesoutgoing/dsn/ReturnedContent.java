/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;
import org.apache.mailet.DsnParameters.Ret;
import org.jamesoutgoing.dsn.template.DsnKind;

/** What of the original goes back to its sender: the third part of the report (RFC 6522 §3). */
record ReturnedContent(Extent extent, Optional<ReportPart> part) {
    /** Told to the reader, too. */
    enum Extent {
        WHOLE,
        HEADERS,
        NOTHING
    }

    static final ReturnedContent NONE = new ReturnedContent(Extent.NOTHING, Optional.empty());

    private static final int HEADERS_ONLY = -1;

    /** Up to how many octets the original goes back whole; negative: never. */
    static int wholeUpTo(DsnKind kind, Optional<Ret> ret, ReturnLimits limits) {
        // RFC 3461 §4.3: RET is for failures, all other DSNs carry headers only.
        if (!kind.isFailure() || ret.equals(Optional.of(Ret.HDRS))) {
            return HEADERS_ONLY;
        }
        return ret.isPresent() ? limits.full() : limits.unasked();
    }

    static ReturnedContent of(OriginalMessage original, int wholeUpTo, int headersUpTo) {
        byte[] message = original.octets();
        if (message.length > 0
                && message.length <= wholeUpTo
                && original.isComplete()
                && BodyEncoding.of(message) != BodyEncoding.BINARY) {
            return new ReturnedContent(
                    Extent.WHOLE, Optional.of(ReportPart.verbatim("message/rfc822", "Undelivered message", message)));
        }
        byte[] header = original.header(headersUpTo);
        if (header.length > 0) {
            return new ReturnedContent(
                    Extent.HEADERS,
                    Optional.of(ReportPart.encodable("text/rfc822-headers", "Headers of the message", header)));
        }
        return NONE;
    }
}
