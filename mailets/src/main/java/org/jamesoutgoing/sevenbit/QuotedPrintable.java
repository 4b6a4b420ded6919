/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;

/**
 * RFC 2045 §6.7. Line ends, CRLF or not, stay as they are, and so do dots and tabs within a line, unlike with mime4j and JavaMail.
 * Not thread-safe.
 */
final class QuotedPrintable extends OutputStream {

    /** Of a line's 76 octets, one is for the soft line break. */
    private static final int MAX = 75;

    private final OutputStream out;
    private final boolean mends;
    private final StringBuilder line = new StringBuilder();
    /** How many octets of an escape that stands there already are still to come. */
    private int ofEscape;

    /** @param mends whether it is quoted-printable already, and only octets above 127 must be escaped */
    QuotedPrintable(OutputStream out, boolean mends) {
        this.out = out;
        this.mends = mends;
    }

    @Override
    public void write(int b) throws IOException {
        int octet = b & 0xff;
        if (octet == '\r' || octet == '\n') {
            close();
            out.write(octet);
        } else if (mends ? octet > 0x7f : mustBeEscaped(octet)) {
            escape(octet);
        } else {
            ofEscape--;
            if (ofEscape < 0) {
                makeRoom(octet == '=' ? 3 : 1);
                ofEscape = octet == '=' ? 2 : 0;
            }
            line.append((char) octet);
        }
    }

    static boolean mustBeEscaped(int octet) {
        return (octet < ' ' && octet != '\t') || octet == '=' || octet > 0x7e;
    }

    private void escape(int octet) throws IOException {
        makeRoom(3);
        line.append('=').append(Tokens.HEX.toHexDigits((byte) octet));
        ofEscape = 0;
    }

    private void makeRoom(int width) throws IOException {
        if (line.length() + width > MAX) {
            line.append("=\r\n");
            endLine();
        }
    }

    private void endLine() throws IOException {
        out.write(line.toString().getBytes(US_ASCII));
        line.setLength(0);
    }

    /** The line ends: its last octet is not white space. */
    @Override
    public void close() throws IOException {
        int last = line.length() - 1;
        char octet = last < 0 ? 0 : line.charAt(last);
        if (!mends && (octet == ' ' || octet == '\t')) {
            line.setLength(last);
            escape(octet);
        }
        endLine();
        ofEscape = 0;
    }
}
