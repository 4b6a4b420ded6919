/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import java.util.regex.Pattern;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.NeedsOpenSmtpd;
import org.jamesoutgoing.testing.OpenSmtpdServer;
import org.jamesoutgoing.testing.PeerServer;

@NeedsOpenSmtpd
class OpenSmtpdPeerIT extends PeerContract {

    @Override
    PeerServer start(Certificate certificate) throws Exception {
        return OpenSmtpdServer.start(certificate, MAX_SIZE);
    }

    @Override
    Pattern connect() {
        return Pattern.compile("smtp connected address=");
    }
}
