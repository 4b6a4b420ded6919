/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.Arrays;
import java.util.Base64;

/** RFC 2045 §6.8. */
final class Base64Lines implements BodyEncoder {

    /** They become a line of 76. */
    private static final int LINE = 57;

    private static final byte[] CRLF = {'\r', '\n'};

    private final Octets out;
    private final boolean text;
    private final byte[] line = new byte[LINE];
    private int length;
    private boolean begun;

    /** @param text whether line ends become CRLF */
    Base64Lines(Octets out, boolean text) {
        this.out = out;
        this.text = text;
    }

    @Override
    public void text(byte[] octets, int from, int to) {
        int at = from;
        while (at < to) {
            if (length == LINE) {
                flush();
            }
            int count = Math.min(LINE - length, to - at);
            System.arraycopy(octets, at, line, length, count);
            length += count;
            at += count;
        }
    }

    @Override
    public void lineEnd(byte[] octets) {
        byte[] end = text ? CRLF : octets;
        text(end, 0, end.length);
    }

    @Override
    public void end() {
        if (length > 0) {
            flush();
        }
    }

    private void flush() {
        if (begun) {
            out.endLine();
        }
        out.add(Base64.getEncoder().encode(Arrays.copyOf(line, length)));
        begun = true;
        length = 0;
    }
}
