/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;


/** RFC 2045 §6.7. */
final class QuotedPrintable implements BodyEncoder {

    /** Of a line's 76 octets, one is for the soft line break. */
    static final int MAX = 75;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private final Octets out;
    private int column;
    /** White space that must be escaped if it turns out to be the last of its line; 0: none. */
    private int space;

    QuotedPrintable(Octets out) {
        this.out = out;
    }

    @Override
    public void text(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            int octet = octets[i] & 0xff;
            if (space != 0) {
                literal(space);
                space = 0;
            }
            if (octet == ' ' || octet == '\t') {
                space = octet;
            } else if (octet > ' ' && octet < 0x7f && octet != '=') {
                literal(octet);
            } else {
                escape(octet);
            }
        }
    }

    @Override
    public void lineEnd(byte[] octets) {
        end();
        out.endLine();
        column = 0;
    }

    @Override
    public void end() {
        if (space != 0) {
            escape(space);
            space = 0;
        }
    }

    private void literal(int octet) {
        makeRoom(1);
        out.add(octet);
    }

    private void escape(int octet) {
        makeRoom(3);
        escape(octet, out);
    }

    static void escape(int octet, Octets out) {
        out.add('=');
        out.add(HEX[octet >> 4]);
        out.add(HEX[octet & 15]);
    }

    private void makeRoom(int width) {
        if (column + width > MAX) {
            softBreak(out);
            column = 0;
        }
        column += width;
    }

    static void softBreak(Octets out) {
        out.add('=');
        out.endLine();
    }
}
