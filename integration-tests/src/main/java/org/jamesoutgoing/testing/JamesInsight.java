/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.utils.GuiceProbe;

/** What a test may see of a James from within. */
final class JamesInsight implements GuiceProbe {

    private final Injector injector;

    @Inject
    JamesInsight(Injector injector) {
        this.injector = injector;
    }

    <T> T get(Class<T> type) {
        return injector.getInstance(type);
    }

    void addUsers(Map<String, String> users) throws Exception {
        UsersRepository repository = get(UsersRepository.class);
        for (Map.Entry<String, String> user : users.entrySet()) {
            repository.addUser(Username.of(user.getKey()), user.getValue());
        }
    }

    ManageableMailQueue queue(String name) {
        return injector.getInstance(Key.get(new TypeLiteral<MailQueueFactory<? extends ManageableMailQueue>>() {}))
                .createQueue(MailQueueName.of(name));
    }

    List<String> repositoryKeys(String url) throws Exception {
        MailRepository repository = get(MailRepositoryStore.class).select(MailRepositoryUrl.from(url));
        List<String> keys = new ArrayList<>();
        repository.list().forEachRemaining(key -> keys.add(key.asString()));
        return keys;
    }

    List<MimeMessage> inbox(String user) throws MailboxException, IOException, MessagingException {
        MailboxManager mailboxes = get(MailboxManager.class);
        MailboxSession session = mailboxes.createSystemSession(Username.of(user));
        List<MimeMessage> messages = new ArrayList<>();
        try {
            Iterator<MessageResult> results = mailboxes
                    .getMailbox(MailboxPath.inbox(session), session)
                    .getMessages(MessageRange.all(), FetchGroup.FULL_CONTENT, session);
            while (results.hasNext()) {
                try (InputStream content = results.next().getFullContent().getInputStream()) {
                    messages.add(new MimeMessage(null, content));
                }
            }
        } catch (MailboxNotFoundException e) {
            return messages; // James makes the inbox when the first mail arrives
        } finally {
            mailboxes.endProcessingRequest(session);
        }
        return messages;
    }
}
