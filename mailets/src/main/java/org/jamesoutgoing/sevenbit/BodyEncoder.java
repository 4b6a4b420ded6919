/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;


/** Writes the body of one part. Not thread-safe. */
interface BodyEncoder {

    /** Text without a line end. */
    void text(byte[] octets, int from, int to);

    /** @param octets CRLF, CR or LF as it stands in the message */
    void lineEnd(byte[] octets);

    /** The body is over; its last line has no end of its own. */
    void end();

    static BodyEncoder of(Plan.Action action, Octets out) {
        return switch (action) {
            case KEEP, RELABEL -> new Verbatim(out);
            case QUOTED_PRINTABLE -> new QuotedPrintable(out);
            case MEND_QUOTED_PRINTABLE -> new MendedQuotedPrintable(out);
            case BASE64 -> new Base64Lines(out, false);
            case BASE64_TEXT -> new Base64Lines(out, true);
            case MEND_BASE64 -> new MendedBase64(out);
        };
    }

    /** As it is. */
    record Verbatim(Octets out) implements BodyEncoder {

        @Override
        public void text(byte[] octets, int from, int to) {
            out.add(octets, from, to);
        }

        @Override
        public void lineEnd(byte[] octets) {
            out.add(octets);
        }

        @Override
        public void end() {
            // Nothing is kept back.
        }
    }

    /** RFC 2045 §6.8: a decoder ignores what is not of the alphabet, so that may be left out. */
    record MendedBase64(Octets out) implements BodyEncoder {

        @Override
        public void text(byte[] octets, int from, int to) {
            for (int i = from; i < to; i++) {
                if (octets[i] >= 0) {
                    out.add(octets[i]);
                }
            }
        }

        @Override
        public void lineEnd(byte[] octets) {
            out.add(octets);
        }

        @Override
        public void end() {
            // Nothing is kept back.
        }
    }
}
