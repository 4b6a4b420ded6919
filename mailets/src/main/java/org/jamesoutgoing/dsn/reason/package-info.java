/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** What a reply, a status code or a line of our log means: {@code Diagnosis} finds the {@code Cause}, and {@code ReasonClass} is its coarse form for logs and metrics. The table of replies is {@code replies.txt} among the resources. */
package org.jamesoutgoing.dsn.reason;
