/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.dom.BinaryBody;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;

/** A message as mime4j reads it: what a reader of it sees, however it is encoded. */
final class ReadMessage {

    private ReadMessage() {}

    /** One line for each part: its type, and its body decoded. */
    static List<String> parts(byte[] message) {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        try {
            List<String> parts = new ArrayList<>();
            Message read = builder.parseMessage(new ByteArrayInputStream(message));
            describe(read, "", parts);
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(Entity entity, String indent, List<String> parts) throws IOException {
        String type = indent + entity.getMimeType() + " ";
        if (entity.getBody() instanceof Multipart multipart) {
            parts.add(type);
            for (Entity part : multipart.getBodyParts()) {
                describe(part, indent + "  ", parts);
            }
        } else if (entity.getBody() instanceof Message message) {
            parts.add(type + message.getSubject());
            describe(message, indent + "  ", parts);
        } else if (entity.getBody() instanceof SingleBody body) {
            ByteArrayOutputStream decoded = new ByteArrayOutputStream();
            body.writeTo(decoded);
            String text = Messages.text(decoded.toByteArray());
            // Line ends of text may be canonical afterwards.
            parts.add(type + (body instanceof BinaryBody ? text : lines(text)));
        }
    }

    private static String lines(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }
}
