/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;

/** RFC 2045 §6.7. Line ends, CRLF or not, stay as they are. Not thread-safe. */
final class QuotedPrintable extends OutputStream {

    /** Of a line's 76 octets, one is for the soft line break. */
    private static final int MAX = 75;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final OutputStream out;
    private final boolean mends;
    private final byte[] line = new byte[MAX + 3];
    private int column;
    /** How many octets of an escape that stands there already are still to come. */
    private int ofEscape;

    /** @param mends whether it is quoted-printable already, and only octets above 127 must be escaped */
    QuotedPrintable(OutputStream out, boolean mends) {
        this.out = out;
        this.mends = mends;
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(octets[i]);
        }
    }

    @Override
    public void write(int b) throws IOException {
        int octet = b & 0xff;
        if (octet == '\r' || octet == '\n') {
            close();
            out.write(octet);
        } else if (mends ? octet > 0x7f : mustBeEscaped(octet)) {
            escape(octet);
            ofEscape = 0;
        } else if (ofEscape > 0) {
            put(octet);
            ofEscape--;
        } else {
            makeRoom(octet == '=' ? 3 : 1);
            put(octet);
            ofEscape = octet == '=' ? 2 : 0;
        }
    }

    static boolean mustBeEscaped(int octet) {
        return (octet < ' ' && octet != '\t') || octet == '=' || octet > 0x7e;
    }

    private void escape(int octet) throws IOException {
        makeRoom(3);
        put('=');
        put(HEX.toHighHexDigit(octet));
        put(HEX.toLowHexDigit(octet));
    }

    private void makeRoom(int width) throws IOException {
        if (column + width > MAX) {
            put('=');
            put('\r');
            put('\n');
            endLine();
        }
    }

    private void put(int octet) {
        line[column++] = (byte) octet;
    }

    private void endLine() throws IOException {
        out.write(line, 0, column);
        column = 0;
    }

    /** The line ends: its last octet is not white space. */
    @Override
    public void close() throws IOException {
        int last = column > 0 ? line[column - 1] : 0;
        if (!mends && (last == ' ' || last == '\t')) {
            column--;
            escape(last);
        }
        endLine();
        ofEscape = 0;
    }
}
