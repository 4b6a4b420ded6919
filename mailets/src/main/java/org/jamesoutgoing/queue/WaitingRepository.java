/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of waiting mails, in one of James's repositories. Keys are {@link RecordId#key()}: short and plain, since James's
 * file repository makes file names of them, and different for every record, since it overwrites what is stored under a key.
 * Thread-safe. Blocks, and throws nothing but {@link MessagingException}.
 */
final class WaitingRepository {

    private static final Logger LOGGER = LoggerFactory.getLogger(WaitingRepository.class);

    private final MailRepository repository;
    /** Keys that we did not write: of mail that somebody else put into the repository. */
    private final Map<RecordId, MailKey> foreignKeys = new ConcurrentHashMap<>();
    /** Records that are no longer true and could not be removed yet. */
    private final Set<RecordId> leftovers = ConcurrentHashMap.newKeySet();

    WaitingRepository(MailRepository repository) {
        this.repository = repository;
    }

    /** All that are stored. */
    List<RecordId> list() throws MessagingException {
        List<RecordId> stored = new ArrayList<>();
        Iterator<MailKey> keys = repository.list();
        while (keys.hasNext()) {
            MailKey key = keys.next();
            RecordId recordId = RecordId.ofKey(key.asString());
            if (!recordId.key().equals(key.asString())) {
                foreignKeys.put(recordId, key);
            }
            stored.add(recordId);
        }
        return stored;
    }

    /** Stores the mail with this state, under its {@link MailState#recordId()}. The mail itself is left as it was. */
    void store(Mail mail, MailState state) throws MessagingException {
        String name = mail.getName();
        List<MailAddress> recipients = List.copyOf(mail.getRecipients());
        mail.setName(state.recordId().key());
        mail.setRecipients(state.recipients());
        MailStateCodec.write(state, mail);
        synchronized (leftovers) {
            // What is stored under this key now is none.
            leftovers.remove(state.recordId());
        }
        try {
            repository.store(mail);
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        } finally {
            mail.setName(name);
            mail.setRecipients(recipients);
        }
    }

    /** @throws WaitingRoom.MailGoneException when it is not there */
    Mail retrieve(RecordId recordId) throws MessagingException {
        MailKey key = keyOf(recordId);
        try {
            Mail mail = repository.retrieve(key);
            if (mail != null) {
                return mail;
            }
            // Some repositories answer null whatever the trouble is.
            Iterator<MailKey> keys = repository.list();
            while (keys.hasNext()) {
                if (keys.next().equals(key)) {
                    throw new MessagingException("the repository has its key but not the mail");
                }
            }
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
        throw new WaitingRoom.MailGoneException("mail " + recordId.key() + " is no longer in the waiting room");
    }

    void remove(RecordId recordId) throws MessagingException {
        try {
            repository.remove(keyOf(recordId));
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
    }

    /** Removes a record that is no longer true, now or by {@link #removeLeftovers}. Does not throw. */
    void removeLeftover(RecordId recordId) {
        if (!isRemoved(recordId)) {
            leftovers.add(recordId);
        }
    }

    /** Tries once more to remove what {@link #removeLeftover} could not. */
    void removeLeftovers() {
        synchronized (leftovers) {
            leftovers.removeIf(this::isRemoved);
        }
    }

    private boolean isRemoved(RecordId leftover) {
        try {
            repository.remove(keyOf(leftover));
            return true;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn("leftover {} of a waiting mail cannot be removed: {}", leftover.key(), e.toString());
            return false;
        }
    }

    void check() throws MessagingException {
        try {
            repository.size();
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
    }

    /** Stores a small mail and removes it. */
    void tryOut(Instant now) throws MessagingException {
        // Should the process be killed in between, it is a mail with nobody to deliver it to and nothing to tell.
        MailState state =
                MailState.admitted(RecordId.newId(), "test", now, List.of()).parkedUntil(now);
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setText("");
        Mail mail = MailImpl.builder().name("test").mimeMessage(message).build();
        try {
            store(mail, state);
            remove(state.recordId());
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private MailKey keyOf(RecordId recordId) {
        return foreignKeys.getOrDefault(recordId, new MailKey(recordId.key()));
    }
}
