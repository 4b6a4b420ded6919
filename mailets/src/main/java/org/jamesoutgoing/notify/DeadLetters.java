/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.RecordId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where mail ends that can neither be delivered nor be answered (RFC 5321 §6.1: never a DSN about a mail from {@code <>}): a
 * mail repository, for the administrator to look at. Thread-safe; blocks on the repository.
 */
public final class DeadLetters {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeadLetters.class);

    private final Optional<MailRepository> repository;

    /** @param repository empty: such mail is dropped */
    public DeadLetters(Optional<MailRepository> repository) {
        this.repository = repository;
    }

    /**
     * Keeps the mail for these recipients. The same recipients of the same mail have the same key, so that doing it once more
     * after a crash does not double it.
     *
     * @param why for the administrator, on one line
     * @throws MessagingException when the repository does not take it
     */
    void keep(Mail mail, MailState state, List<MailAddress> recipients, List<Attribute> attributes, String why)
            throws MessagingException {
        if (repository.isEmpty()) {
            LOGGER.warn("mail={} cannot be delivered, nobody may be told, and it is dropped: {}", state.name(), why);
            return;
        }
        String key = RecordId.idOf(state.recordId().id() + sorted(recipients));
        try (BorrowedMail lent = new BorrowedMail(mail, key, recipients, attributes)) {
            repository.get().store(lent.mail());
        } catch (RuntimeException e) {
            throw new MessagingException("dead letters: " + e, e);
        }
        LOGGER.warn(
                "mail={} cannot be delivered, and nobody may be told; it is a dead letter now, key={}: {}",
                state.name(),
                key,
                why);
    }

    private static List<String> sorted(List<MailAddress> recipients) {
        return recipients.stream().map(MailAddress::asString).sorted().toList();
    }
}
