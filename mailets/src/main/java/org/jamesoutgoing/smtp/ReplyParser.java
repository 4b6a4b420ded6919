/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads replies (RFC 5321 §4.2) from octets that arrive in any portions. Holds at most one reply of at most
 * {@link ReplyLimits#maxReplyBytes()} octets.
 *
 * <p>Lenient where hosts are sloppy and nothing is at stake: a bare LF ends a line, a code without text or blank is whole,
 * text may be in any character set. Strict where leniency could turn a refusal into a success: a code has exactly three
 * digits of which the first is 2 to 5, and all lines of a reply agree on the first.
 *
 * <p>Not thread-safe.
 */
final class ReplyParser {

    private static final int FIRST_LINE_CAPACITY = 128;

    private final ReplyLimits limits;
    private final List<String> texts = new ArrayList<>();
    private byte[] line = new byte[FIRST_LINE_CAPACITY];
    private int lineLength;
    private int replyLength;
    private int code;

    ReplyParser(ReplyLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes octets up to the end of one reply; what follows stays in the buffer.
     *
     * @return empty when the buffer is used up before the reply is whole
     */
    Optional<Reply> parse(ByteBuf in) throws BadReplyException {
        while (in.isReadable()) {
            int end = in.bytesBefore((byte) '\n');
            append(in, end < 0 ? in.readableBytes() : end + 1);
            if (end >= 0) {
                boolean last = endLine();
                if (last) {
                    return Optional.of(endReply());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the beginning of a reply has been read. */
    boolean inReply() {
        return replyLength > 0;
    }

    private void append(ByteBuf in, int count) throws BadReplyException {
        if (lineLength + count > limits.maxLineLength()) {
            throw new BadReplyException("reply line of more than " + limits.maxLineLength() + " octets");
        }
        if (replyLength + count > limits.maxReplyBytes()) {
            throw new BadReplyException("reply of more than " + limits.maxReplyBytes() + " octets");
        }
        if (lineLength + count > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + count));
        }
        in.readBytes(line, lineLength, count);
        lineLength += count;
        replyLength += count;
    }

    /** Whether this was the reply's last line. */
    private boolean endLine() throws BadReplyException {
        int length = lineLength - 1;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        lineLength = 0;
        int lineCode = codeOf(length);
        if (!texts.isEmpty() && lineCode / 100 != code / 100) {
            throw new BadReplyException("reply with the codes " + code + " and " + lineCode);
        }
        if (texts.size() == limits.maxLines()) {
            throw new BadReplyException("reply of more than " + limits.maxLines() + " lines");
        }
        code = lineCode;
        texts.add(length <= 4 ? "" : new String(line, 4, length - 4, StandardCharsets.UTF_8));
        return length == 3 || line[3] == ' ';
    }

    private int codeOf(int length) throws BadReplyException {
        boolean wellFormed = length >= 3
                && line[0] >= '2'
                && line[0] <= '5'
                && digit(line[1])
                && digit(line[2])
                && (length == 3 || line[3] == ' ' || line[3] == '-');
        if (!wellFormed) {
            String shown = new String(line, 0, Math.min(length, 60), StandardCharsets.UTF_8);
            throw new BadReplyException("not an SMTP reply: \"" + PrintableText.line(shown) + "\"");
        }
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    }

    private static boolean digit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private Reply endReply() {
        Reply reply = Reply.of(code, texts);
        texts.clear();
        replyLength = 0;
        return reply;
    }
}
