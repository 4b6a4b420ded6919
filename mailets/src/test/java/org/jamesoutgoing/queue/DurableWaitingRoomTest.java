/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.jamesoutgoing.repository.DurableMailRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableWaitingRoomTest extends WaitingRoomContract {

    @TempDir
    Path directory;

    @Override
    MailRepository open() throws Exception {
        DurableMailRepository files = new DurableMailRepository(
                MailRepositoryUrl.from("durable://var/mail/outgoing-waiting"), new DirectoryFileSystem(directory));
        files.init();
        return files;
    }

    private Path file(String name) {
        return directory.resolve("var/mail/outgoing-waiting").resolve(name);
    }

    @Test
    void aRecordCutAnywhereIsNotReadAndNotRemovedAndAfterAWhileTheEarlierIsValid() throws Exception {
        park("a", 1, "x@a.example", "y@a.example");
        park("a", 2, "y@a.example");
        byte[] whole = Files.readAllBytes(file("a.2.mail"));
        MailRepository repository = open();
        for (int left = 0; left < whole.length; left++) {
            Files.write(file("a.2.mail"), Arrays.copyOf(whole, left));
            assertThatThrownBy(() -> repository.retrieve(new MailKey("a.2"))).isInstanceOf(MessagingException.class);
            assertThat(file("a.2.mail")).exists();
        }
        restart("a");
        assertThat(due()).as("it may be readable in a moment").isEmpty();
        assertWaiting(1);
        clock.advance(UnreadMails.PATIENCE);
        room.readAgain();
        assertThat(recipientsOf(load(onlyDue()))).containsExactly("x@a.example", "y@a.example");
    }

    @Test
    void aMailThatCannotBeReadNowIsThereWhenItCan() throws Exception {
        park("a", 1, "x@a.example");
        MailRepository repository = open();
        byte[] whole = Files.readAllBytes(file("a.1.mail"));
        Files.delete(file("a.1.mail"));
        // As unreadable as for want of a file descriptor.
        Files.createDirectory(file("a.1.mail"));
        assertThatThrownBy(() -> repository.retrieve(new MailKey("a.1"))).isInstanceOf(MessagingException.class);
        Files.delete(file("a.1.mail"));
        Files.write(file("a.1.mail"), whole);
        assertThat(repository.retrieve(new MailKey("a.1"))).isNotNull();
    }

    @Test
    void whatAKilledProcessLeftUnfinishedIsClearedAtTheNextStart() throws Exception {
        park("a", 1, "x@a.example");
        Files.writeString(file("a.2.mail.new"), "half a mail");
        restart("a");
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId("a", 1));
        assertThat(file("a.2.mail.new")).doesNotExist();
    }

    @Test
    void theKeyOfSomebodyElsesMailStaysInTheDirectory() throws Exception {
        MailRepository repository = open();
        repository.store(SampleMails.mail("../../escape", "x@a.example"));
        assertThat(repository.list().next()).isEqualTo(new MailKey("../../escape"));
        assertThat(repository.retrieve(new MailKey("../../escape"))).isNotNull();
        assertThat(directory.resolve("var/escape.mail")).doesNotExist();
    }
}
