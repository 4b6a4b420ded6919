/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.util.Set;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.server.core.configuration.FileConfigurationProvider;
import org.junit.jupiter.api.Test;

class SmtpServersTest {

    @Test
    void portsAndNamesAreThoseOfTheServersThatAreEnabled() throws Exception {
        SmtpServers servers = read(
                """
                <smtpservers>
                  <smtpserver enabled="true">
                    <bind>0.0.0.0:25,127.0.0.1:2525, 127.0.0.1:0</bind>
                    <helloName autodetect="false">mx2.example.com</helloName>
                  </smtpserver>
                  <smtpserver enabled="true">
                    <bind>192.0.2.1:587</bind>
                    <helloName autodetect="true">myMailServer</helloName>
                  </smtpserver>
                  <smtpserver enabled="false"><bind>0.0.0.0:465</bind></smtpserver>
                </smtpservers>
                """);
        assertThat(servers)
                .isEqualTo(new SmtpServers(
                        Set.of("mx2.example.com"),
                        Set.of(at("0.0.0.0", 25), at("127.0.0.1", 2525), at("192.0.2.1", 587))));
    }

    @Test
    void aServerThatSaysNothingListensOnPort25() throws Exception {
        assertThat(read("<smtpservers><smtpserver/></smtpservers>").listening()).containsExactly(at("0.0.0.0", 25));
        assertThat(read("<smtpservers/>")).isEqualTo(SmtpServers.NONE);
    }

    @Test
    void aFileThatCannotBeReadSaysSo() {
        assertThatThrownBy(() -> SmtpServers.read((file, options) -> {
                    throw new ConfigurationException("broken");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("smtpserver.xml cannot be read: broken");
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address, port);
    }

    private static SmtpServers read(String xml) throws Exception {
        var configuration = FileConfigurationProvider.getConfig(new ByteArrayInputStream(xml.getBytes(UTF_8)));
        return SmtpServers.read((file, options) -> configuration);
    }
}
