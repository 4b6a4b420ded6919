/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The try-out: a James on this machine with the drop-in JAR, its queue and waiting room on disk, and a receiving server to
 * deliver to. The README's quick start uses it.
 *
 * <p>Start reading at {@link org.jamesoutgoing.tryout.TryOut}. Uses the harness in {@code testing}.
 */
package org.jamesoutgoing.tryout;
