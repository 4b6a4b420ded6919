/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.mail.Folder;
import javax.mail.Message;
import javax.mail.Session;
import javax.mail.Store;

/** A user's inbox as a mail client reads it. */
public final class ImapInbox {

    private ImapInbox() {}

    /**
     * The messages as they are, oldest first. James counts a message that arrives at this moment a little before it gives it
     * out; that one is left for the next time.
     */
    public static List<byte[]> messages(int port, String user, String password) throws Exception {
        List<byte[]> messages = new ArrayList<>();
        try (Store store = Session.getInstance(new Properties()).getStore("imap")) {
            store.connect("127.0.0.1", port, user, password);
            Folder inbox = store.getFolder("INBOX");
            if (!inbox.exists()) {
                return messages; // James makes it when the first mail arrives
            }
            inbox.open(Folder.READ_ONLY);
            for (Message message : inbox.getMessages()) {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                try {
                    message.writeTo(octets);
                } catch (IOException e) {
                    if (String.valueOf(e.getMessage()).contains("Invalid messageset")) {
                        return messages;
                    }
                    throw e;
                }
                messages.add(octets.toByteArray());
            }
        }
        return messages;
    }
}
