/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownSenderTest {

    @Test
    void aStrangerIsNotKnown() throws Exception {
        assertThat(KnownSender.of(mail())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.james.SMTPAuthUser",
                "org.apache.james.SMTPIsAuthNetwork",
                "org.apache.james.SentByMailet",
                "org.apache.james.jmap.send.MailMetaData.username"
            })
    void usersNetworksMailetsAndJmapUsersAre(String mark) throws Exception {
        Mail mail = mail();
        mail.setAttribute(new Attribute(AttributeName.of(mark), AttributeValue.of("x")));
        assertThat(KnownSender.of(mail)).isTrue();
        assertThat(KnownSender.mayBeTold(mail, backup(false))).isTrue();
    }

    @Test
    void aStrangerIsToldUnlessTheBackupRouteSaysNot() throws Exception {
        assertThat(KnownSender.mayBeTold(mail(), SampleRoutes.independent())).isTrue();
        assertThat(KnownSender.mayBeTold(mail(), backup(true))).isTrue();
        assertThat(KnownSender.mayBeTold(mail(), backup(false))).isFalse();
    }

    private static Mail mail() throws Exception {
        return FakeMail.builder().name("mail").recipient("user@backup.test").build();
    }

    private static Route backup(boolean dsns) {
        return SampleRoutes.backup("backup.test", SampleRoutes.independent(), dsns);
    }
}
