/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.io.ByteArrayOutputStream;

/** What lines a body consists of, which decides how it may be labelled (RFC 2045 §2.7 to §2.9). */
enum BodyEncoding {
    SEVEN_BIT,
    EIGHT_BIT,
    /** NULs, or lines of more than 998 octets: no server need take it, whatever the label says. */
    BINARY;

    private static final int LONGEST_LINE = 998;

    /** @param canonical lines ended by CRLF, see {@link #canonical} */
    static BodyEncoding of(byte[] canonical) {
        boolean eightBit = false;
        int line = 0;
        for (byte octet : canonical) {
            line = octet == '\n' ? 0 : line + 1;
            // The CR of the line end has been counted.
            if (octet == 0 || line > LONGEST_LINE + 1) {
                return BINARY;
            }
            eightBit |= octet < 0;
        }
        return line > LONGEST_LINE ? BINARY : eightBit ? EIGHT_BIT : SEVEN_BIT;
    }

    /**
     * Every line end as CRLF, which a bare CR or LF is taken for: that is how the message leaves on the wire, and a
     * bare one inside would be labelled wrongly (RFC 2045 §2.7) and could smuggle.
     */
    static byte[] canonical(byte[] octets) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(octets.length + octets.length / 32);
        for (int i = 0; i < octets.length; i++) {
            byte octet = octets[i];
            if (octet == '\r' || octet == '\n') {
                lines.write('\r');
                lines.write('\n');
                if (octet == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                    i++;
                }
            } else {
                lines.write(octet);
            }
        }
        return lines.toByteArray();
    }
}
