/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;


/** Quoted-printable with octets above 127, which must not be in it: decoders take them as they are, so they are escaped. */
final class MendedQuotedPrintable implements BodyEncoder {

    private final Octets out;
    private int column;
    /** How many octets of an escape are still to come. */
    private int ofEscape;

    MendedQuotedPrintable(Octets out) {
        this.out = out;
    }

    @Override
    public void text(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            int octet = octets[i] & 0xff;
            if (octet > 0x7f) {
                makeRoom(3);
                QuotedPrintable.escape(octet, out);
                ofEscape = 0;
                continue;
            }
            if (ofEscape > 0) {
                ofEscape--;
            } else if (octet == '=') {
                makeRoom(3);
                ofEscape = 2;
                column -= 2;
                out.add(octet);
                continue;
            } else {
                makeRoom(1);
                out.add(octet);
                continue;
            }
            column++;
            out.add(octet);
        }
    }

    private void makeRoom(int width) {
        if (column + width > QuotedPrintable.MAX) {
            QuotedPrintable.softBreak(out);
            column = 0;
        }
        column += width;
    }

    @Override
    public void lineEnd(byte[] octets) {
        out.add(octets);
        column = 0;
        ofEscape = 0;
    }

    @Override
    public void end() {
        // Nothing is kept back.
    }
}
